// @ts-check
// `npm run bench:roofline`: are copy, read and matmul what this machine can do, and do they explain models?
import { writeFileSync } from "node:fs";
import { median } from "simple-statistics";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { intervalText } from "./bench/comparedTests.mjs";
import { judgeRatio, medianInterval } from "./bench/ratio.mjs";
import { compareRoofs, ratioOf } from "./bench/roofline.mjs";
import { buildRoofPrograms } from "./bench/roofPrograms.mjs";
import { sharesOf } from "./bench/roofShares.mjs";

const help = `
bench:roofline: llmbench's copy, read and matmul on one thread of the CPU, in turn with programs that do the same

  npm run bench:roofline -- [flags]

copy against STREAM written in C, read and matmul against the same on the same libraries in C, and against llama.cpp's own
test-backend-ops where it computes with the same layout: within 5%. All have the same shapes and pages, and weights whose
scales spread as trained ones do; test-backend-ops is changed for that (scripts/bench/roofPrograms.mjs). Then decode and
prefill of a 1.1B model against what read and matmul of its types say: within 15%. About 7 minutes. Each line comes as soon
as it is known.

  --launches N         of all programs, each in memory of its own; an interval needs 6 [9]
  --rounds N           of each launch: a burst of each program in turn [6]
  --burst MS           how long each goes on [100]
  --read TYPES         [f16,q8_0,q6_k,q4_k,q4_0]; none for none
  --matmul TESTS       [1024:f16,1024:q8_0,1024:q4_k,1024:q4_0]; none for none
  --models QUANTS      [q4_0,q8_0,q4_k_m]
  --model-rounds N     runs of each model, beside read and matmul of its types; 0 for none [3]
  --tolerance SHARE    how far from 1 the ratio may be [0.05]
  --processor          judge by processor time: hardly feels what else runs
  --json FILE          write every round's figures, anew with each line

Ratio: the median over launches of llmbench's speed over the other's, each the median of its rounds. Interval: 95%, of the
median, by the sign test. Exit code 1 where an interval lies outside of what is allowed.
`;

/** @param {string} line */
function say(line) {
  console.error(line);
}

/** Of the columns of a line; what is longer pushes the others. */
const widths = [24, 18, 10, 7, 14];

/** @param {readonly string[]} cells */
function print(...cells) {
  console.log(
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(" ")
      .trimEnd(),
  );
}

/**
 * The flags of what is asked of `llmbench run`; none where it is `none`.
 *
 * @param {string} flag
 * @param {string | undefined} value
 * @param {string} usual
 */
function asked(flag, value, usual) {
  return value === "none" ? [] : [flag, value ?? usual];
}

await script("bench:roofline", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      launches: text,
      rounds: text,
      burst: text,
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
    ...asked("--read", flags.read, "f16,q8_0,q6_k,q4_k,q4_0"),
    ...asked("--matmul", flags.matmul, "1024:f16,1024:q8_0,1024:q4_k,1024:q4_0"),
  ];
  const clock = flags.processor === true ? "processor" : "wall";
  const tolerance = share("tolerance", flags.tolerance, 0.05);
  /** @type {{ pairs: object[], explained: object[] }} */
  const known = { pairs: [], explained: [] };
  const keep = () => {
    if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(known, null, 2)}\n`);
  };

  print("test", "against", "by", "ratio", "95% interval", "verdict");
  let outside = false;
  const options = {
    launches: wholeNumber("launches", flags.launches, 9),
    rounds: wholeNumber("rounds", flags.rounds, 6),
    seconds: wholeNumber("burst", flags.burst, 100) / 1000,
    /** @param {string} libraries */
    build: (libraries) => buildRoofPrograms(libraries, say),
    say,
  };
  for await (const pair of compareRoofs(tests, options)) {
    const ratio = ratioOf(pair, clock);
    const verdict = judgeRatio(ratio, tolerance);
    outside ||= verdict === "outside";
    const { ratio: middle, interval } = ratio;
    print(pair.test, pair.against, clock, middle.toFixed(3), intervalText(interval), verdict);
    known.pairs.push({ ...pair, clock, ratio, verdict });
    keep();
  }

  const rounds = wholeNumber("model-rounds", flags["model-rounds"], 3, 0);
  const quantizations = (flags.models ?? "q4_0,q8_0,q4_k_m").split(",");
  for (const quantization of rounds === 0 ? [] : quantizations)
    for (const { name, values } of await sharesOf(quantization, rounds, say)) {
      const middle = median(values);
      const explains = Math.abs(middle - 1) <= 0.15 ? "within 15%" : "outside of 15%";
      const interval = intervalText(medianInterval(values));
      print(name, "read or matmul", "wall", middle.toFixed(3), interval, explains);
      known.explained.push({ name, values, share: middle });
      keep();
    }
  return outside ? 1 : 0;
});
