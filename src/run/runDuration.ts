/** How long a run will take, where this machine's speed is known. */
import { generatedTokens, isOfMachine, promptTokens } from "../bench/workload.ts";
import { isTried } from "../plan/caseMemory.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { caseSeconds } from "../predict/caseDuration.ts";
import type { RunOptions } from "./runOptions.ts";

/** `auto` asks for at least five. */
const autoRepetitions = 5;

/** Of a test of the machine alone: to fill what is computed with, to rest, and to repeat a quarter of a second. */
const machineSeconds = 3;

/** Seconds, weights to be written not counted; null where a case's speed is not known. */
export function runSeconds(
  cases: readonly BenchCase[],
  options: Pick<RunOptions, "repetitions" | "warmup" | "delaySeconds" | "force">,
): number | null {
  let seconds = 0;
  for (const one of cases) {
    if (!isTried(one, options)) continue;
    const { workload } = one.settings;
    if (isOfMachine(workload)) {
      seconds += machineSeconds * one.launches;
      continue;
    }
    const { tensorBytes: weightsBytes } = one.variant.weights;
    if (one.speed === null || weightsBytes === null) return null;
    seconds += caseSeconds({
      nPrompt: promptTokens(workload),
      nGen: generatedTokens(workload),
      nDepth: workload.depth,
      repetitions: options.repetitions === "auto" ? autoRepetitions : options.repetitions,
      launches: one.launches,
      warmup: options.warmup,
      delaySeconds: options.delaySeconds,
      weightsBytes,
      tg_ts: one.speed.tg_ts,
      pp_ts: one.speed.pp_ts,
    });
  }
  return seconds;
}
