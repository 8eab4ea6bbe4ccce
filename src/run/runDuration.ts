/** How long a run will take, where this machine's speed is known. */
import { generatedTokens, isOfMachine, promptTokens } from "../bench/workload.ts";
import { autoLaunches } from "../bench/repetitions.ts";
import { isTried } from "../plan/caseMemory.ts";
import type { CaseSettings } from "../bench/settings.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { caseDuration, durationOf, type Duration } from "../predict/caseDuration.ts";
import { machineDuration } from "./machineDuration.ts";
import type { RunOptions } from "./runOptions.ts";

/** The least of `auto`: on a machine at rest the first launch takes three, and tells that one suffices of the next. */
const autoRepetitions = { first: 3, later: 1 };

/** Of `--launches auto`. */
const autoSpread = {
  centre: autoLaunches.usual,
  low: autoLaunches.least,
  high: autoLaunches.most,
};

type DurationOptions = Pick<
  RunOptions,
  "repetitions" | "launches" | "maxTimeSeconds" | "warmup" | "delaySeconds" | "force"
>;

/** Weights to be written not counted; null where a case's speed is not known. */
export function runDuration(
  cases: readonly BenchCase[],
  options: DurationOptions,
): Duration | null {
  const parts = cases
    .filter((one) => isTried(one, options))
    .map((one) => durationOfCase(one, options));
  return parts.every((part) => part !== null) ? durationOf(parts) : null;
}

function durationOfCase(
  { settings, variant, speed, launches: planned }: BenchCase,
  { repetitions, launches: asked, maxTimeSeconds, warmup, delaySeconds }: DurationOptions,
): Duration | null {
  const { workload } = settings;
  const launches = asked === "auto" ? autoSpread : { centre: planned, low: planned, high: planned };
  const repeating = {
    repetitions: repetitions === "auto" ? autoRepetitions.first : repetitions,
    laterRepetitions: repetitions === "auto" ? autoRepetitions.later : repetitions,
    moreForSeconds: repetitions === "auto" ? maxTimeSeconds / launches.high : 0,
    launches,
    delaySeconds,
  };
  if (isOfMachine(workload))
    return machineDuration({ ...repeating, workload, nThreads: threadsOf(settings) });
  const { tensorBytes: weightsBytes } = variant.weights;
  if (speed === null || weightsBytes === null) return null;
  const { decode, prefill } = speed;
  return caseDuration({
    nPrompt: promptTokens(workload),
    nGen: generatedTokens(workload),
    nDepth: workload.depth,
    ...repeating,
    warmup,
    weightsBytes,
    tg: { centre: decode.tg_ts, low: decode.low, high: decode.high },
    pp: prefill && { centre: prefill.pp_ts, low: prefill.low, high: prefill.high },
  });
}

/** Of the CPU; null where a GPU works. */
function threadsOf({ placement: { devices }, context }: CaseSettings): number | null {
  return devices !== "auto" && devices.length > 0 ? null : context.nThreads;
}
