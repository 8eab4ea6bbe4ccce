// @ts-check
// `npm run bench:time`: how long does a speed within ±1% take, beside llama-bench as its users start it?
import { markdownTable } from "markdown-table";
import { mean, sampleStandardDeviation } from "simple-statistics";
import { isTimed } from "../dist/index.js";
import { ownValues, summarizeLaunches as summarize, t95 } from "../dist/maintenance.js";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { runLlamaBench } from "./bench/llamaBench.mjs";
import { requireMeasured, runLlmbench } from "./bench/llmbench.mjs";
import { overheadLines } from "./bench/overhead.mjs";
import { pairedRatio } from "./bench/ratio.mjs";
import { inTurn } from "./bench/rounds.mjs";
import { sameCase } from "./bench/sameCase.mjs";

const help = `
bench:time: the time that llmbench takes to know a speed to ±1%, over what llama-bench takes for the same

  npm run bench:time -- [flags]

Six launches of each, not counted, say how much launches differ here: of each so many are taken that the 95% interval
over their means is expected to be ±1%, ten at most. llmbench runs them with -r auto in one command; llama-bench is started
as often with its own number of repetitions, and its launches are summarised by the same formula.

  --model MODEL        [tinyllama-1.1b]
  --quant QUANT        [q4_0]
  -p, -n N             prompt or generated tokens [0] [32]
  --precision SHARE    half-width of the interval [0.01]
  --warmup KIND        of llmbench: full, llama-bench [full]
  -r N                 repetitions of llama-bench [5]
  --rounds N           pairs [6]
  --device NAME        auto, metal, cuda, vulkan, cpu [auto]
  --no-lock            measure beside another run on this machine
  --llama-bench FILE   an executable of your own instead of one built here

Exit code 1 where llmbench takes longer (median of the rounds' ratios above 1).
`;

/** More of them would say that the machine is not at rest. */
const mostLaunches = 10;
const firstLaunches = 6;

/** @typedef {import("./bench/llmbench.mjs").MeasuredRecord} MeasuredRecord */

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
  /** @param {number} launches */
  const ours = async (launches) =>
    requireMeasured(
      await runLlmbench(
        [
          ["--model", flags.model ?? "tinyllama-1.1b", "--quant", flags.quant ?? "q4_0"],
          [...tokens, "-r", "auto", "--precision", String(precision)],
          ["--launches", String(launches), "--warmup", flags.warmup ?? "full"],
          ["--device", flags.device ?? "auto"],
          flags["no-lock"] === true ? ["--no-lock"] : [],
        ].flat(),
      ),
    );
  const repetitions = wholeNumber("repetitions", flags.repetitions, 5);
  say("first launches, not counted");
  const first = await ours(firstLaunches);
  const { executable, args } = sameCase(first, {
    llamaBench: flags["llama-bench"] ?? null,
    say,
  });
  /** @param {number} launches */
  const theirs = async (launches) => {
    const runs = [];
    for (let launch = 0; launch < launches; launch++) {
      const whole = [...args, ...tokens, "-r", String(repetitions)];
      runs.push(await runLlamaBench(executable, whole, first.libraries));
    }
    return runs;
  };
  const ourLaunches = launchesFor(precision, speedsOf(first.cases[0]));
  const theirLaunches = launchesFor(precision, speedsOfRuns(await theirs(firstLaunches)));
  say(
    `launches: ${ourLaunches} of llmbench, ${theirLaunches} of llama-bench with -r ${repetitions}`,
  );
  const rounds = wholeNumber("rounds", flags.rounds, 6);
  const pairs = await inTurn(
    rounds,
    () => ours(ourLaunches),
    () => theirs(theirLaunches),
    (round) => say(`round ${round} of ${rounds}`),
  );
  const results = pairs.map(({ a, b }) => ({
    ours: a.wallMs / 1000,
    theirs: b.reduce((sum, { wallMs }) => sum + wallMs, 0) / 1000,
    ourWidth: halfWidth(speedsOf(a.cases[0])),
    theirWidth: halfWidth(speedsOfRuns(b)),
    repeated: speedsOf(a.cases[0]).map((speeds) => speeds.length),
  }));
  const { ratio, interval } = pairedRatio(results);
  const [ourCommands, theirCommands] = [pairs.map(({ a }) => a), pairs.map(({ b }) => together(b))];
  console.log(
    markdownTable([
      ["llmbench s", "±", "repetitions", "llama-bench s", "±", "ratio"],
      ...results.map((one) => [
        one.ours.toFixed(1),
        percent(one.ourWidth),
        one.repeated.join(" "),
        one.theirs.toFixed(1),
        percent(one.theirWidth),
        (one.ours / one.theirs).toFixed(2),
      ]),
    ]),
  );
  console.log(`time of llmbench over llama-bench's, median: ${ratioText(ratio, interval)}`);
  for (const line of overheadLines({ ours: ourCommands, theirs: theirCommands })) console.log(line);
  return ratio > 1 ? 1 : 0;
});

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
 * The fewest launches whose interval is expected to be that narrow.
 *
 * @param {number} precision
 * @param {readonly (readonly number[])[]} speeds of each launch
 */
function launchesFor(precision, speeds) {
  const means = speeds.map((each) => mean([...each]));
  const sd = sampleStandardDeviation(means) / mean(means);
  for (let launches = 2; launches < mostLaunches; launches++) {
    if ((t95(launches - 1) * sd) / Math.sqrt(launches) <= precision) return launches;
  }
  return mostLaunches;
}

/**
 * Commands one after the other as one.
 *
 * @param {readonly import("./bench/overhead.mjs").WholeCommand[]} commands
 * @returns {import("./bench/overhead.mjs").WholeCommand}
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

/** @param {number} part */
function percent(part) {
  return `${(100 * part).toFixed(2)}%`;
}

/**
 * @param {number} ratio
 * @param {import("./bench/ratio.mjs").Interval | null} interval
 */
function ratioText(ratio, interval) {
  const range =
    interval === null ? "" : ` (${interval.low.toFixed(2)}–${interval.high.toFixed(2)})`;
  return `${ratio.toFixed(2)}${range}`;
}
