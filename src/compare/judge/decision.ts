/** Which of two measured values is better, if that can be said. */
import type { Better } from "../../bench/metrics.ts";
import type { MeasuredRecord } from "../../bench/record.ts";
import { buildDistance } from "./builds.ts";
import { logRatio, type LogRatio, type RatioError } from "./logRatio.ts";
import type { LogValue } from "./logValue.ts";
import { moreMeasuring, type MoreMeasuring } from "./moreMeasuring.ts";

/** What figures without spread, or from builds far apart, must differ by: progress between builds reaches that. */
export const ratioWithoutInterval = 1.25;

export type SideName = "baseline" | "other";

export interface MeasuredSide {
  readonly record: MeasuredRecord;
  readonly value: LogValue;
}

/** Two sides of one workload, in the metric that both are judged by. */
export interface Match<Side> {
  readonly baseline: Side;
  readonly other: Side;
  readonly better: Better;
}

/** A ratio with an interval. */
export interface SpreadRatio extends LogRatio {
  readonly error: RatioError;
}

interface BareRatio extends LogRatio {
  readonly error: null;
}

/** The whole interval lies beyond the difference that matters; without a spread the ratio alone is beyond doubt. */
export interface Faster {
  readonly kind: "faster";
  readonly winner: SideName;
  readonly ratio: LogRatio;
}

/** The whole interval lies within the difference that matters. */
export interface Equivalent {
  readonly kind: "equivalent";
  readonly ratio: SpreadRatio;
}

/** Neither, and what keeps the values from deciding. */
export type Inconclusive = { readonly kind: "inconclusive" } & (
  | { readonly lacking: "spread"; readonly ratio: BareRatio }
  /** Builds so far apart, or unknown, that they may be what makes the difference. */
  | {
      readonly lacking: "builds";
      readonly distance: "far" | "unknown";
      readonly ratio: SpreadRatio;
    }
  | {
      readonly lacking: "precision";
      readonly ratio: SpreadRatio;
      /** The difference that matters, near whose edge the ratio lies. */
      readonly practical: number;
      /** Null where no number of repetitions in reach would settle it. */
      readonly settledBy: MoreMeasuring | null;
    }
);

export type Lacking = Inconclusive["lacking"];

export type Decision = Faster | Equivalent | Inconclusive;

/** @param practical the difference that matters, as a share; the band is symmetric on logs, so that sides can change places. */
export function decide(match: Match<MeasuredSide>, practical: number): Decision {
  const { baseline, other, better } = match;
  const { log, error } = logRatio(baseline.value, other.value);
  const winner = betterSide(log, better);
  const beyondDoubt = Math.abs(log) > Math.log(ratioWithoutInterval);
  if (error === null) {
    const ratio = { log, error };
    return beyondDoubt
      ? { kind: "faster", winner, ratio }
      : { kind: "inconclusive", lacking: "spread", ratio };
  }
  const ratio = { log, error };
  const distance = buildDistance(baseline.record.engine, other.record.engine);
  if (!beyondDoubt && (distance === "far" || distance === "unknown"))
    return { kind: "inconclusive", lacking: "builds", distance, ratio };
  const band = Math.log1p(practical);
  if (Math.abs(log) - error.half > band) return { kind: "faster", winner, ratio };
  if (Math.abs(log) + error.half < band) return { kind: "equivalent", ratio };
  const settledBy = moreMeasuring(baseline.value, other.value, practical);
  return { kind: "inconclusive", lacking: "precision", ratio, practical, settledBy };
}

/** Whose value is better; of equal ones the baseline's. */
export function betterSide(log: number, better: Better): SideName {
  const advantage = better === "higher" ? log : -log;
  return advantage > 0 ? "other" : "baseline";
}
