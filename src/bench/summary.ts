/** A measured case's figures: what follows from its launches, or what a file tells of them. Null is unknown. */
import type { CaseReadings } from "./readings.ts";
import type { StopReason } from "./stopReasons.ts";
import type { MetricName } from "./workload.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `--sustain`: a workload that was repeated for a time, in its metric's unit. */
export interface Sustained {
  readonly seconds: number;
  readonly burst: number | null;
  readonly held: number | null;
  /** Share of the burst's speed that was lost. */
  readonly drop: number | null;
  readonly throttledAtSeconds: number | null;
  /** Seconds since the first repetition began, and value, point by point; empty where a file doesn't keep them. */
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

/** Percentiles of single tokens' times over all repetitions of all launches, in ms. */
export interface TokenPercentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

export interface Summary {
  /** What is measured, in whose unit `mean` and its kin are; null for a workload of which nothing is known. */
  readonly metric: MetricName | null;
  /** Launches that gave samples; null where a file doesn't say. */
  readonly launches: number | null;
  readonly repetitions: number | null;
  /** Time of a repetition, in ns. */
  readonly meanNs: number | null;
  readonly sdNs: number | null;
  /** Mean over all repetitions. */
  readonly mean: number;
  readonly sd: number | null;
  readonly median: number | null;
  readonly mad: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** 95% interval of the mean over launches. */
  readonly ci95: Interval | null;
  readonly sdWithin: number | null;
  readonly sdBetween: number | null;
  /** Every repetition's value, launches one after the other; empty where a file doesn't keep them. */
  readonly values: readonly number[];
  readonly stoppedBy: StopReason | null;
  readonly sustained: Sustained | null;
  readonly tokenMs: TokenPercentiles;
  /** What the launches' readings come to. */
  readonly readings: CaseReadings;
}
