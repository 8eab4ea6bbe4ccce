// @ts-check
// `npm run bench:synthetic`: does a model of synthetic weights run as fast as a real one?
import { markdownTable } from "markdown-table";
import { LlmbenchError } from "../dist/index.js";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { comparedCells, comparedTests, exitCodeOf, ratioColumns } from "./bench/comparedTests.mjs";
import { requireMeasured, runLlmbench } from "./bench/llmbench.mjs";
import { processorCells, processorColumns } from "./bench/processorTimes.mjs";
import { inTurn } from "./bench/rounds.mjs";
import { syntheticTwin } from "./bench/syntheticTwin.mjs";

const help = `
bench:synthetic: a real model against a synthetic one with the same type for each tensor, in turn

  npm run bench:synthetic -- --file model.gguf [flags]

  --file FILE          a .gguf with real weights (of a split model the first)
  -p, -n, -d LIST      prompt, generated tokens, depth [512] [128] [0]
  -r N                 repetitions in each run [3]
  --rounds N           pairs of runs; an interval needs 6 [10]
  --tolerance SHARE    how far from 1 the ratio may be [0.02]
  --device NAME        auto, metal, cuda, vulkan, cpu [auto]
  --ngl N, -t N        layers on the device, threads [as llmbench decides]
  --no-lock            measure beside another run on this machine

The twin takes as much disk as the file while this runs. Instructions and bytes are the same on both sides; what may
differ is a power-limited GPU's clock, which depends on the bits that it moves, and the routing of mixtures of experts.
Beside speeds it tells the processor time that a token took on each side, which other programs disturb less.
Exit code 1 where an interval lies outside of what is allowed.
`;

await script("bench:synthetic", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      file: text,
      rounds: text,
      tolerance: text,
      device: text,
      ngl: text,
      "no-lock": { type: "boolean" },
      "n-prompt": { type: "string", short: "p" },
      "n-gen": { type: "string", short: "n" },
      "n-depth": { type: "string", short: "d" },
      repetitions: { type: "string", short: "r" },
      threads: { type: "string", short: "t" },
    },
    help,
  );
  if (flags.file === undefined)
    throw new LlmbenchError("usage", "--file FILE is needed; see --help");
  const tolerance = share("tolerance", flags.tolerance, 0.02);
  const rounds = wholeNumber("rounds", flags.rounds, 10);
  const common = [
    [
      "-p",
      flags["n-prompt"] ?? "512",
      "-n",
      flags["n-gen"] ?? "128",
      "-d",
      flags["n-depth"] ?? "0",
    ],
    [
      "-r",
      String(wholeNumber("repetitions", flags.repetitions, 3)),
      "--device",
      flags.device ?? "auto",
    ],
    flags.ngl === undefined ? [] : ["--gpu-layers", flags.ngl],
    flags.threads === undefined ? [] : ["--threads", flags.threads],
    flags["no-lock"] === true ? ["--no-lock"] : [],
  ].flat();
  const twin = await syntheticTwin(flags.file, (line) => console.error(line));
  try {
    if (twin.tensorBytes !== twin.realTensorBytes) {
      console.error(
        `not the same on both sides: ${twin.realTensorBytes} bytes of real weights, ${twin.tensorBytes} synthetic`,
      );
    }
    /** @param {string} file */
    const measure = async (file) =>
      requireMeasured(await runLlmbench(["--model", file, ...common]));
    const pairs = await inTurn(
      rounds,
      () => measure(twin.path),
      () => measure(String(flags.file)),
      (round) => console.error(`round ${round} of ${rounds}`),
    );
    const measured = pairs.map(({ a, b }) => ({ ours: a.cases, theirs: b.cases }));
    const tests = comparedTests(measured, tolerance);
    const head = ["test", "real t/s", "synthetic t/s", ...ratioColumns];
    console.log(markdownTable([head, ...tests.map(comparedCells)]));
    console.log("\nProcessor time, real (theirs) and synthetic (ours):\n");
    const times = tests.map(({ test }) => [test, ...processorCells(measured, test)]);
    console.log(markdownTable([["test", ...processorColumns], ...times]));
    return exitCodeOf(tests);
  } finally {
    await twin.remove();
  }
});
