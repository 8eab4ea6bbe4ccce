// @ts-check
// `npm run bench:repeats`: do the intervals of repeated runs cover what the runs agree on?
import { mean } from "simple-statistics";
import { LlmbenchError } from "../dist/index.js";
import { logRatio, logValueOf, ratioInterval } from "../dist/maintenance.js";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";
import { requireMeasured, runLlmbench } from "./bench/llmbench.mjs";

const help = `
bench:repeats: one case again and again, each time as a user would; do the 95% intervals cover the grand mean?

  npm run bench:repeats -- [flags]

  --model MODEL        [tinyllama-1.1b]
  --quant QUANT        [q4_0]
  -p, -n N             prompt or generated tokens [0] [32]
  --launches N         of each run [2]
  --repeats N          runs [20]
  --device NAME        auto, metal, cuda, vulkan, cpu [auto]
  --no-lock            measure beside another run on this machine

Repetitions are --repetitions auto. About 5 minutes on 2 cores. Runs that follow each other are compared as two machines
would be, too: the share of them that an interval calls different should be near 5%.
Exit code 1 where fewer than 85% of the intervals cover the grand mean.
`;

const leastCoverage = 0.85;

/** @typedef {import("./bench/llmbench.mjs").MeasuredRecord} MeasuredRecord */

await script("bench:repeats", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      model: text,
      quant: text,
      launches: text,
      repeats: text,
      device: text,
      "no-lock": { type: "boolean" },
      "n-prompt": { type: "string", short: "p" },
      "n-gen": { type: "string", short: "n" },
    },
    help,
  );
  const repeats = wholeNumber("repeats", flags.repeats, 20, 2);
  const args = [
    ["--model", flags.model ?? "tinyllama-1.1b", "--quant", flags.quant ?? "q4_0"],
    ["-p", flags["n-prompt"] ?? "0", "-n", flags["n-gen"] ?? "32", "-r", "auto"],
    ["--launches", String(wholeNumber("launches", flags.launches, 2))],
    ["--device", flags.device ?? "auto"],
    flags["no-lock"] === true ? ["--no-lock"] : [],
  ].flat();
  /** @type {MeasuredRecord[]} */
  const records = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    const [record, another] = requireMeasured(await runLlmbench(args)).cases;
    if (another !== undefined) {
      throw new LlmbenchError("usage", "one case is needed: set -p or -n to 0; see --help");
    }
    records.push(record);
    console.error(`${repeat} of ${repeats}: ${said(record)}`);
  }
  const grandMean = mean(records.map(({ summary }) => summary.mean));
  const covering = records.filter((record) => covers(record, grandMean)).length;
  const different = records.slice(1).filter((record, i) => differ(records[i], record)).length;
  console.log(`grand mean: ${grandMean.toFixed(2)} t/s`);
  console.log(
    `intervals that cover it: ${covering} of ${repeats} (${percent(covering / repeats)}, at least ${percent(leastCoverage)} are due)`,
  );
  console.log(
    `runs called different from the one before: ${different} of ${repeats - 1} (${percent(different / (repeats - 1))})`,
  );
  return covering / repeats < leastCoverage ? 1 : 0;
});

/** @param {MeasuredRecord} record */
function said({ summary: { mean: speed, ci95 } }) {
  return `${speed.toFixed(2)} t/s, ${ci95?.low.toFixed(2)} to ${ci95?.high.toFixed(2)}`;
}

/**
 * @param {MeasuredRecord} record
 * @param {number} value
 */
function covers({ summary: { ci95 } }, value) {
  return ci95 !== null && ci95.low <= value && value <= ci95.high;
}

/**
 * @param {MeasuredRecord | undefined} before
 * @param {MeasuredRecord} after
 */
function differ(before, after) {
  if (before === undefined) return false;
  const interval = ratioInterval(logRatio(logValueOf(before), logValueOf(after)));
  return interval !== null && (interval.low > 1 || interval.high < 1);
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(0)}%`;
}
