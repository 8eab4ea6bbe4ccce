// @ts-check
// `npm run bench:roofline`: are copy, read and matmul what this machine can do, and do they explain models?
import { writeFile } from "node:fs/promises";
import { markdownTable } from "markdown-table";
import { median } from "simple-statistics";
import { isMeasured, testName } from "../dist/index.js";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { intervalText } from "./bench/comparedTests.mjs";
import { runLlmbench } from "./bench/llmbench.mjs";
import { judgeRatio, medianInterval, pairedRatio } from "./bench/ratio.mjs";
import { compareRoofs } from "./bench/roofline.mjs";
import { buildRoofPrograms } from "./bench/roofPrograms.mjs";

/** @typedef {import("./bench/roofline.mjs").RoofPair} RoofPair */

const help = `
bench:roofline: llmbench's copy, read and matmul on one thread of the CPU, in turn with programs that do the same

  npm run bench:roofline -- [flags]

copy against STREAM written in C, read and matmul against the same on the same libraries in C, and against llama.cpp's own
test-backend-ops where it computes with the same layout: within 5%. All have the same shapes, ask Linux for large pages, and
weights whose scales spread as trained ones do; test-backend-ops is changed for that (scripts/bench/roofPrograms.mjs). Then
decode and prefill of a 1.1B model against what read and matmul of its types say: within 15%. About 20 minutes.

  --rounds N           pairs of runs; an interval needs 6 [8]
  --seconds S          that each run repeats its passes [2]
  --read TYPES         [f16,q8_0,q6_k,q4_k,q4_0]
  --matmul TESTS       [1024:f16,1024:q8_0,1024:q4_k,1024:q4_0]
  --models QUANTS      [q4_0,q8_0,q4_k_m]
  --model-rounds N     runs of the models, beside read and matmul; 0 for none [5]
  --tolerance SHARE    how far from 1 the ratio may be [0.05]
  --processor          judge by processor time, where a program tells it: hardly feels what else runs
  --json FILE          write every round's figures

Ratio: the median over rounds of llmbench's speed over the other's. Interval: 95%, of the median, by the sign test.
Exit code 1 where an interval lies outside of what is allowed.
`;

/** @param {string} line */
function say(line) {
  console.error(line);
}

/**
 * @param {RoofPair} pair
 * @param {"wall" | "processor"} clock
 */
function ratioOf({ rounds }, clock) {
  return pairedRatio(
    rounds.map(({ ours, theirs }) => ({ ours: 1 / ours[clock], theirs: 1 / theirs[clock] })),
  );
}

/**
 * @param {readonly RoofPair[]} pairs
 * @param {number} tolerance
 * @param {boolean} byProcessor
 */
function judged(pairs, tolerance, byProcessor) {
  return pairs.map((pair) => {
    const told = pair.rounds.every(({ theirs }) => theirs.processor > 0);
    const clock = byProcessor && told ? /** @type {const} */ ("processor") : "wall";
    const ratio = ratioOf(pair, clock);
    return { pair, clock, ratio, verdict: judgeRatio(ratio, tolerance) };
  });
}

/**
 * Each model's decode and prefill as shares of what read and matmul of its types say, run by run.
 *
 * @param {number} rounds
 * @param {string} quantizations
 */
async function sharesOf(rounds, quantizations) {
  /** @type {Map<string, number[]>} */
  const shares = new Map();
  const args = [
    ["--model", "1.1b", "--quant", quantizations, "-p", "128", "-n", "32"],
    ["--read", "f32,f16,q8_0,q6_k,q4_k,q4_0", "--matmul", "2048:f16,2048:q8_0,2048:q6_k"],
    ["--matmul", "2048:q4_k,2048:q4_0", "-t", "1", "--device", "cpu", "--no-lock"],
    ["-r", "3", "--launches", "1"],
  ].flat();
  for (let round = 1; round <= rounds; round++) {
    say(`models: round ${round} of ${rounds}`);
    for (const record of (await runLlmbench(args)).cases) {
      if (!isMeasured(record) || record.shareOfRoof === null) continue;
      const name = `${record.model.id} ${record.model.quantization} ${testName(record.workload)}`;
      shares.set(name, [...(shares.get(name) ?? []), record.shareOfRoof]);
    }
  }
  return shares;
}

await script("bench:roofline", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      rounds: text,
      seconds: text,
      read: text,
      matmul: text,
      models: text,
      "model-rounds": text,
      tolerance: text,
      processor: { type: "boolean" },
      json: text,
    },
    help,
  );
  const tests = [
    "--copy",
    "--read",
    flags.read ?? "f16,q8_0,q6_k,q4_k,q4_0",
    "--matmul",
    flags.matmul ?? "1024:f16,1024:q8_0,1024:q4_k,1024:q4_0",
  ];
  const byProcessor = flags.processor === true;
  const pairs = await compareRoofs(tests, {
    rounds: wholeNumber("rounds", flags.rounds, 8),
    seconds: wholeNumber("seconds", flags.seconds, 2),
    byProcessor,
    build: (libraries) => buildRoofPrograms(libraries, say),
    say,
  });
  const results = judged(pairs, share("tolerance", flags.tolerance, 0.05), byProcessor);
  console.log(
    markdownTable([
      ["test", "against", "by", "ratio", "95% interval", "verdict"],
      ...results.map(({ pair, clock, ratio, verdict }) => [
        pair.test,
        pair.against,
        clock,
        ratio.ratio.toFixed(3),
        intervalText(ratio.interval),
        verdict,
      ]),
    ]),
  );
  const modelRounds = wholeNumber("model-rounds", flags["model-rounds"], 5, 0);
  const shares = await sharesOf(modelRounds, flags.models ?? "q4_0,q8_0,q4_k_m");
  const explained = [...shares].map(([name, values]) => ({ name, values, share: median(values) }));
  if (explained.length > 0)
    console.log(
      markdownTable([
        ["model and test", "of what read or matmul say", "95% interval", "within 15%"],
        ...explained.map(({ name, values, share: middle }) => [
          name,
          middle.toFixed(3),
          intervalText(medianInterval(values)),
          Math.abs(middle - 1) <= 0.15 ? "yes" : "no",
        ]),
      ]),
    );
  if (flags.json !== undefined)
    await writeFile(flags.json, `${JSON.stringify({ pairs, explained }, null, 2)}\n`);
  return results.some(({ verdict }) => verdict === "outside") ? 1 : 0;
});
