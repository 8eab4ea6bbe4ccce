// @ts-check
// `npm run bench:parity`: does llmbench measure what llama-bench measures?
import { writeFile } from "node:fs/promises";
import { LlmbenchError } from "../dist/index.js";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { exitCodeOf } from "./bench/comparedTests.mjs";
import { measureParity, parityWork } from "./bench/parity.mjs";
import { parityTable, wallLine } from "./bench/parityReport.mjs";

/** @typedef {import("./bench/parity.mjs").ParityWork} ParityWork */

const help = `
bench:parity: llmbench against llama-bench on the same file and the same libraries, in turn

  npm run bench:parity -- [flags]

Without flags: pp128 and tg64 of a 1.1B Q4_0 model within 2%, tg200 of a 4M model (a token in 0.14 ms) within 5%, both at
depth 0 and 512. About 8 minutes on 2 cores. A machine that does something else meanwhile gives wide intervals.

  --model MODEL        as llmbench takes it, a path to a .gguf included; with it the work below is measured on it alone
  --quant QUANT        [q4_0]
  -p, -n, -d LIST      prompt, generated tokens, depth [128] [64] [0,512]
  -r N                 repetitions in each run [3]
  --tolerance SHARE    how far from 1 the ratio may be [0.02]
  --rounds N           pairs of runs; an interval needs 6 [10]
  --device NAME        auto, metal, cuda, vulkan, cpu [auto]
  --ngl N              layers on the device [as llmbench decides]
  -t N                 threads [as llmbench decides]
  --no-lock            measure beside another run on this machine
  --wall               print the time of the whole commands too
  --json FILE          write every round's figures
  --llama-bench FILE   an executable of your own instead of one built here

Ratio: the median over rounds of llmbench's t/s over llama-bench's. Interval: 95%, of the median, by the sign test.
Exit code 1 where an interval lies outside of what is allowed; "undecided" where it sticks out: more rounds decide.
`;

/** @type {readonly ParityWork[]} */
const standardWork = [
  parityWork("tinyllama-1.1b", { nPrompt: "128", nGen: "64" }, "0,512", 3, 0.02),
  parityWork("toy-4m", { nPrompt: "0", nGen: "200" }, "0,512", 20, 0.05),
];

/** Flags that describe work on one model. */
const workFlags = ["quant", "n-prompt", "n-gen", "n-depth", "repetitions", "tolerance"];

/**
 * @param {Readonly<Record<string, string | boolean | undefined>>} flags
 * @returns {readonly ParityWork[]}
 */
function chosenWork(flags) {
  /** @param {string} name */
  const given = (name) => (typeof flags[name] === "string" ? flags[name] : undefined);
  const model = given("model");
  if (model === undefined) {
    const idle = workFlags.find((name) => flags[name] !== undefined);
    if (idle === undefined) return standardWork;
    throw new LlmbenchError("usage", `--${idle} needs --model: which model to measure`);
  }
  return [
    {
      model,
      quantization: model.endsWith(".gguf") ? null : (given("quant") ?? "q4_0"),
      nPrompt: given("n-prompt") ?? "128",
      nGen: given("n-gen") ?? "64",
      nDepth: given("n-depth") ?? "0,512",
      repetitions: wholeNumber("repetitions", given("repetitions"), 3),
      tolerance: share("tolerance", given("tolerance"), 0.02),
    },
  ];
}

await script("bench:parity", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const boolean = /** @type {const} */ ({ type: "boolean" });
  const flags = readFlags(
    {
      model: text,
      quant: text,
      tolerance: text,
      rounds: text,
      device: text,
      ngl: text,
      "llama-bench": text,
      json: text,
      wall: boolean,
      "no-lock": boolean,
      "n-prompt": { type: "string", short: "p" },
      "n-gen": { type: "string", short: "n" },
      "n-depth": { type: "string", short: "d" },
      repetitions: { type: "string", short: "r" },
      threads: { type: "string", short: "t" },
    },
    help,
  );
  const results = [];
  for (const work of chosenWork(flags)) {
    const result = await measureParity(work, {
      flags: [
        ["--device", flags.device ?? "auto"],
        flags.ngl === undefined ? [] : ["--gpu-layers", flags.ngl],
        flags.threads === undefined ? [] : ["--threads", flags.threads],
        flags["no-lock"] === true ? ["--no-lock"] : [],
      ].flat(),
      rounds: wholeNumber("rounds", flags.rounds, 10),
      llamaBench: flags["llama-bench"] ?? null,
      say: (line) => console.error(line),
    });
    for (const note of result.notes) console.error(`not the same on both sides: ${note}`);
    results.push(result);
  }
  console.log(parityTable(results));
  if (flags.wall === true) for (const result of results) console.log(wallLine(result));
  if (flags.json !== undefined)
    await writeFile(flags.json, `${JSON.stringify(results, null, 2)}\n`);
  return exitCodeOf(results.flatMap(({ tests }) => tests));
});
