// @ts-check
// `npm run bench:time`: how long does a speed within ±1% take, beside llama-bench as its users start it?
import { markdownTable } from "markdown-table";
import { isTimed } from "../dist/index.js";
import { autoLaunches, ownValues, summarizeLaunches as summarize } from "../dist/maintenance.js";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { runLlamaBench } from "./bench/llamaBench.mjs";
import { requireMeasured, runLlmbench } from "./bench/llmbench.mjs";
import { overheadLines } from "./bench/overhead.mjs";
import { pairedRatio } from "./bench/ratio.mjs";
import { inTurn } from "./bench/rounds.mjs";
import { sameCase } from "./bench/sameCase.mjs";

const { least, most } = autoLaunches;

const help = `
bench:time: the time that llmbench takes to know a speed to ±1%, over what llama-bench takes for the same

  npm run bench:time -- [flags]

llmbench measures with -r auto --launches auto. llama-bench is started with its own number of repetitions again and again,
until the same formula calls its starts enough: the 95% interval over their means is ±1%, after ${least} of them at the
earliest and ${most} at the latest.

  --model MODEL        [tinyllama-1.1b]
  --quant QUANT        [q4_0]
  -p, -n N             prompt or generated tokens [0] [32]
  --precision SHARE    half-width of the interval [0.01]
  --warmup KIND        of llmbench: full, llama-bench [full]
  -r N                 repetitions of llama-bench [5]
  --rounds N           pairs [8]
  --device NAME        auto, metal, cuda, vulkan, cpu [auto]
  --no-lock            measure beside another run on this machine
  --llama-bench FILE   an executable of your own instead of one built here

Exit code 1 where llmbench takes longer (median of the rounds' ratios above 1).
`;

/** @typedef {import("./bench/llmbench.mjs").MeasuredRecord} MeasuredRecord */
/** @typedef {import("./bench/overhead.mjs").WholeCommand} WholeCommand */

await script("bench:time", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      model: text,
      quant: text,
      precision: text,
      warmup: text,
      rounds: text,
      device: text,
      "llama-bench": text,
      "no-lock": { type: "boolean" },
      "n-prompt": { type: "string", short: "p" },
      "n-gen": { type: "string", short: "n" },
      repetitions: { type: "string", short: "r" },
    },
    help,
  );
  const precision = share("precision", flags.precision, 0.01);
  const tokens = ["-p", flags["n-prompt"] ?? "0", "-n", flags["n-gen"] ?? "32"];
  /** @param {readonly string[]} launching */
  const ours = async (launching) =>
    requireMeasured(
      await runLlmbench(
        [
          ["--model", flags.model ?? "tinyllama-1.1b", "--quant", flags.quant ?? "q4_0"],
          tokens,
          launching,
          ["--warmup", flags.warmup ?? "full", "--device", flags.device ?? "auto"],
          flags["no-lock"] === true ? ["--no-lock"] : [],
        ].flat(),
      ),
    );
  say("first run, not counted");
  const first = await ours(["-r", "1"]);
  const { executable, args } = sameCase(first, {
    llamaBench: flags["llama-bench"] ?? null,
    say,
  });
  const again = [
    ...args,
    ...tokens,
    "-r",
    String(wholeNumber("repetitions", flags.repetitions, 5)),
  ];
  const theirs = async () => {
    const runs = [];
    for (;;) {
      runs.push(await runLlamaBench(executable, again, first.libraries));
      if (runs.length === most) return runs;
      if (runs.length >= least && halfWidth(speedsOfRuns(runs)) <= precision) return runs;
    }
  };
  const rounds = wholeNumber("rounds", flags.rounds, 8);
  const pairs = await inTurn(
    rounds,
    () => ours(["-r", "auto", "--launches", "auto", "--precision", String(precision)]),
    theirs,
    (round) => say(`round ${round} of ${rounds}`),
  );
  const results = pairs.map(({ a, b }) => ({
    ours: { seconds: a.wallMs / 1000, launches: speedsOf(a.cases[0]) },
    theirs: { seconds: together(b).wallMs / 1000, launches: speedsOfRuns(b) },
  }));
  console.log(
    markdownTable([
      ["llmbench s", "±", "repetitions", "llama-bench s", "±", "repetitions", "ratio"],
      ...results.map(({ ours: our, theirs: their }) => [
        ...cells(our),
        ...cells(their),
        (our.seconds / their.seconds).toFixed(2),
      ]),
    ]),
  );
  const { ratio, interval } = pairedRatio(
    results.map((one) => ({ ours: one.ours.seconds, theirs: one.theirs.seconds })),
  );
  const range =
    interval === null ? "" : ` (${interval.low.toFixed(2)}–${interval.high.toFixed(2)})`;
  const [all, allOfTheirs] = [
    total(results.map((one) => one.ours)),
    total(results.map((one) => one.theirs)),
  ];
  console.log(`time of llmbench over llama-bench's, median: ${ratio.toFixed(2)}${range}`);
  console.log(`of all rounds together: ${(all / allOfTheirs).toFixed(2)}`);
  const commands = { ours: pairs.map(({ a }) => a), theirs: pairs.map(({ b }) => together(b)) };
  for (const line of overheadLines(commands)) console.log(line);
  return ratio > 1 ? 1 : 0;
});

/**
 * @typedef {{ seconds: number, launches: (readonly number[])[] }} Known tokens per second of each launch
 * @param {Known} known
 * @returns {string[]}
 */
function cells({ seconds, launches }) {
  const repetitions = launches.map(({ length }) => length).join(" ");
  return [seconds.toFixed(1), `${(100 * halfWidth(launches)).toFixed(2)}%`, repetitions];
}

/** @param {readonly Known[]} all */
function total(all) {
  return all.reduce((sum, { seconds }) => sum + seconds, 0);
}

/**
 * @param {MeasuredRecord} record
 * @returns {number[][]} tokens per second of each launch
 */
function speedsOf({ launches, workload }) {
  return launches.filter(isTimed).map((launch) => ownValues(launch, workload) ?? []);
}

/**
 * @param {readonly { cases: readonly import("./bench/llmbench.mjs").CaseRecord[] }[]} runs of one launch and one case each
 * @returns {(readonly number[])[]} tokens per second of each launch
 */
function speedsOfRuns(runs) {
  return runs.map(({ cases: [record] }) =>
    record?.status === "measured" ? record.summary.values : [],
  );
}

/**
 * Commands one after the other as one.
 *
 * @param {readonly WholeCommand[]} commands
 * @returns {WholeCommand}
 */
function together(commands) {
  return {
    cases: commands.flatMap(({ cases }) => cases),
    wallMs: commands.reduce((sum, { wallMs }) => sum + wallMs, 0),
    cpuMs: commands.reduce(
      (sum, { cpuMs }) => (sum === null || cpuMs === null ? null : sum + cpuMs),
      /** @type {number | null} */ (0),
    ),
  };
}

/**
 * Of the 95% interval over launches, as a share of the mean.
 *
 * @param {readonly (readonly number[])[]} launches
 */
function halfWidth(launches) {
  const summary = summarize(launches);
  const { ci95 } = summary ?? {};
  return ci95 === null || ci95 === undefined || summary === null
    ? Number.NaN
    : (ci95.high - ci95.low) / 2 / summary.mean;
}

/** @param {string} line */
function say(line) {
  console.error(line);
}
