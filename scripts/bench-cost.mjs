// @ts-check
// `npm run bench:cost`: what does the harness cost, beside llama-bench with the same work?
import { join } from "node:path";
import { median } from "simple-statistics";
import { runToEnd } from "./bench/childOutput.mjs";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";
import { checkout } from "./bench/enginePackages.mjs";
import { overheadLines } from "./bench/overhead.mjs";
import { measureParity, parityWork } from "./bench/parity.mjs";
import { phaseLines, phaseSeconds } from "./bench/phaseTimes.mjs";
import { pairedRatio } from "./bench/ratio.mjs";

const help = `
bench:cost: the time of whole commands, llmbench's over llama-bench's, what of it is none of the work, and of llmbench
--version

  npm run bench:cost -- [flags]

The same four tests of a 1.1B model at Q4_0, five repetitions, llama-bench's warm-up, one launch: a minute or more a
command on two cores. In turn, after a run that makes the weights and isn't counted. At the end a run of one repetition
says step by step where its time goes.

  --model MODEL        another model [tinyllama-1.1b]
  --rounds N           pairs of commands [6]
  --device NAME        auto, metal, cuda, vulkan, cpu [auto]
  --no-lock            measure beside another run on this machine
  --llama-bench FILE   an executable of your own instead of one built here

Exit code 1 where the ratio is above 1.10, or --version takes 0.2 s or more (medians).
`;

const mostRatio = 1.1;
const mostStartMs = 200;
const starts = 15;
/** Of one command: less says nothing of a run. */
const leastMs = 60_000;

await script("bench:cost", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      model: text,
      rounds: text,
      device: text,
      "llama-bench": text,
      "no-lock": { type: "boolean" },
    },
    help,
  );
  const tokens = { nPrompt: "128,512", nGen: "64,128" };
  const work = parityWork(flags.model ?? "tinyllama-1.1b", tokens, "0", 5, 0.1);
  const { commands } = await measureParity(work, {
    flags: [
      ["--device", flags.device ?? "auto"],
      flags["no-lock"] === true ? ["--no-lock"] : [],
    ].flat(),
    rounds: wholeNumber("rounds", flags.rounds, 6),
    llamaBench: flags["llama-bench"] ?? null,
    say: (line) => console.error(line),
  });
  const ours = commands.ours.map(({ wallMs }) => wallMs);
  const theirs = commands.theirs.map(({ wallMs }) => wallMs);
  const paired = pairedRatio(
    ours.map((one, round) => ({ ours: one, theirs: theirs[round] ?? Number.NaN })),
  );
  const start = median(await timesOfVersion());
  console.log(
    `whole commands: llmbench ${(median(ours) / 1000).toFixed(1)} s, llama-bench ${(median(theirs) / 1000).toFixed(1)} s, ratio ${paired.ratio.toFixed(3)} of at most ${mostRatio} (${paired.rounds} rounds)`,
  );
  if (median(theirs) < leastMs)
    console.log("the work took less than a minute here: the ratio says little");
  for (const line of overheadLines(commands)) console.log(line);
  const spent = await phaseSeconds({
    models: [flags.model ?? "tinyllama-1.1b"],
    quantizations: ["q4_0"],
    nPrompt: [128],
    nGen: [64],
    repetitions: 1,
    launches: 1,
    warmup: "llama-bench",
    noLock: flags["no-lock"] === true,
    device: /** @type {import("../dist/index.js").GivenFlags["device"]} */ (flags.device ?? "auto"),
  });
  for (const line of phaseLines(spent)) console.log(line);
  console.log(`llmbench --version: ${start.toFixed(0)} ms of less than ${mostStartMs}`);
  return paired.ratio > mostRatio || start >= mostStartMs ? 1 : 0;
});

async function timesOfVersion() {
  const times = [];
  for (let i = 0; i < starts; i++) {
    const cli = join(checkout, "dist", "cli.js");
    times.push((await runToEnd(process.execPath, [cli, "--version"])).wallMs);
  }
  return times;
}
