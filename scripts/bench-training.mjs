// @ts-check
// `npm run bench:training`: does a training step take as long as the same step in plain PyTorch or MLX?
import { join } from "node:path";
import { markdownTable } from "markdown-table";
import { median } from "simple-statistics";
import { LlmbenchError } from "../dist/index.js";
import { decoderShape, resolveModel } from "../dist/maintenance.js";
import { lastLines, runToEnd } from "./bench/childOutput.mjs";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { intervalText, ratioColumns } from "./bench/comparedTests.mjs";
import { checkout } from "./bench/enginePackages.mjs";
import { requireMeasured, runLlmbench } from "./bench/llmbench.mjs";
import { judgeRatio, pairedRatio } from "./bench/ratio.mjs";
import { inTurn } from "./bench/rounds.mjs";

const help = `
bench:training: a training step of llmbench against the same step in plain PyTorch or MLX, in turn

  npm run bench:training -- --python PYTHON [flags]

  --python PYTHON      one that has the framework [python3]
  --engine NAME        torch or mlx [torch]
  --model ID           of the catalogue [toy-24m]
  --train SEQxBATCH    [128x4]
  --precision LIST     f32, bf16, f16 [f32]
  --device NAME        auto, cuda, metal, cpu [auto]
  -t N                 threads of the processor, for torch [2]
  --steps N            timed steps of each run [20]
  --rounds N           pairs of runs; an interval needs 6 [10]
  --tolerance SHARE    how far from 1 the ratio may be [0.02]
  --no-lock            measure beside another run on this machine

The plain steps are scripts/bench/training/plain_*.py. Each run is a process of its own, and counts by the median of its
steps, those that warm it up not counted. Exit code 1 where an interval lies outside of what is allowed.
`;

/** Steps that warm the plain side up: as many as llmbench's own before it times. */
const warmupSteps = 7;

/** What PyTorch calls the backends that llmbench names. */
const torchDevices = /** @type {const} */ ({ cuda: "cuda", metal: "mps", cpu: "cpu" });

/**
 * @param {string} python
 * @param {string} engine
 * @param {object} task
 * @returns {Promise<number>} ns of a step, the median
 */
async function plainStep(python, engine, task) {
  const file = join(checkout, "scripts", "bench", "training", `plain_${engine}.py`);
  const { code, stdout, stderr } = await runToEnd(python, [file, JSON.stringify(task)]);
  if (code !== 0)
    throw new LlmbenchError("engine", `${file} ended with ${code}:\n${lastLines(stderr)}`);
  const { samples_ns: samples } = /** @type {{ samples_ns: number[] }} */ (JSON.parse(stdout));
  return median(samples.slice(warmupSteps));
}

/** @param {readonly number[]} ns */
function shown(ns) {
  return (median([...ns]) / 1e6).toFixed(2);
}

await script("bench:training", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      python: text,
      engine: text,
      model: text,
      train: text,
      precision: text,
      device: text,
      threads: { type: "string", short: "t" },
      steps: text,
      rounds: text,
      tolerance: text,
      "no-lock": { type: "boolean" },
    },
    help,
  );
  const { python = "python3", engine = "torch", model = "toy-24m", train = "128x4" } = flags;
  const tolerance = share("tolerance", flags.tolerance, 0.02);
  const rounds = wholeNumber("rounds", flags.rounds, 10);
  const steps = wholeNumber("steps", flags.steps, 20);
  const threads = wholeNumber("threads", flags.threads, 2);
  const { shape } = resolveModel(model);
  if (shape === null) throw new LlmbenchError("usage", `--model ${model}: its shape is not known`);
  const [sequence, batch] = train.split("x").map(Number);
  const rows = [];
  let outside = false;
  for (const precision of (flags.precision ?? "f32").split(",")) {
    const asked = ["--engine", engine, "--python", python, "--model", model, "--train", train];
    const how = ["--precisions", precision, "--device", flags.device ?? "auto"];
    const often = ["-r", String(steps), "--max-time", "1h", "--launches", "1"];
    const more = [
      ...(engine === "torch" ? ["-t", String(threads)] : []),
      ...(flags["no-lock"] === true ? ["--no-lock"] : []),
    ];
    let backend = /** @type {keyof typeof torchDevices} */ ("cpu");
    const ours = async () => {
      const run = requireMeasured(await runLlmbench([...asked, ...how, ...often, ...more]));
      backend = /** @type {keyof typeof torchDevices} */ (run.run.engine.backend);
      const [{ launches }] = run.cases;
      return median(launches.flatMap((one) => (one.kind === "timed" ? one.samplesNs : [])));
    };
    await ours();
    const task = {
      shape: decoderShape(shape),
      sequence,
      batch,
      precision,
      threads,
      steps: steps + warmupSteps,
      device: torchDevices[backend],
    };
    const pairs = await inTurn(
      rounds,
      ours,
      () => plainStep(python, engine, task),
      (round) => console.error(`${precision}: round ${round} of ${rounds}`),
    );
    const paired = pairedRatio(pairs.map(({ a, b }) => ({ ours: b, theirs: a })));
    const verdict = judgeRatio(paired, tolerance);
    outside ||= verdict === "outside";
    rows.push([
      `${engine} ${model} train${sequence} b${batch} ${precision}`,
      shown(pairs.map(({ b }) => b)),
      shown(pairs.map(({ a }) => a)),
      paired.ratio.toFixed(3),
      intervalText(paired.interval),
      `±${tolerance}`,
      verdict,
    ]);
  }
  console.log(markdownTable([["step", "plain ms", "llmbench ms", ...ratioColumns], ...rows]));
  return outside ? 1 : 0;
});
