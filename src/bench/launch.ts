/** One child process's share of a case, as it was measured here or as a file tells it. */
import type { Readings } from "./readings.ts";
import type { StopReason } from "./stopReasons.ts";
import type { TokenTimes } from "./tokenTimes.ts";

/** Measured by llmbench: raw times, from which all figures follow. */
export interface TimedLaunch {
  readonly kind: "timed";
  /** From 1. */
  readonly number: number;
  /** Time of the warm-up repetitions, which no figure counts, in ns. */
  readonly warmupNs: readonly number[];
  /** Time of each repetition, in ns. */
  readonly samplesNs: readonly number[];
  /** Of generated tokens, over all repetitions; empty for a prompt, and in journals of earlier versions. */
  readonly tokenTimes: TokenTimes;
  readonly stoppedBy: StopReason | null;
  /** With `--sustain`: when each sample began, in ns since the first did. */
  readonly startedNs: readonly number[] | null;
  /** Repetitions that the machine slept through, which were dropped and taken again. */
  readonly suspended: number;
  /** What the engine and the meters told of it beside its times. */
  readonly readings: Readings;
}

/** Told by a file that keeps no raw times. */
export interface ToldLaunch {
  readonly kind: "told";
  /** Of the workload's own metric, a repetition each; null where the file tells the case's figures alone. */
  readonly values: readonly number[] | null;
}

export type Launch = TimedLaunch | ToldLaunch;

export type NonEmpty<T> = readonly [T, ...T[]];

export function isNonEmpty<T>(values: readonly T[]): values is NonEmpty<T> {
  return values.length > 0;
}

export function isTimed(launch: Launch): launch is TimedLaunch {
  return launch.kind === "timed";
}
