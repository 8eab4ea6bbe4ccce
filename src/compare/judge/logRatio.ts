/** The ratio of two values and its 95% interval. */
import type { Interval } from "../../bench/summary.ts";
import { t95 } from "../../statistics/studentT.ts";
import type { ErrorSource, LogValue, VariancePart } from "./logValue.ts";

/** The standard error of a logarithm, which is about the relative error of the value itself. */
export interface StandardError {
  readonly sd: number;
  readonly freedom: number;
}

export interface RatioError extends StandardError {
  /** Half of the 95% interval. */
  readonly half: number;
  readonly sources: readonly [baseline: ErrorSource, other: ErrorSource];
}

export interface LogRatio {
  /** ln(other / baseline). */
  readonly log: number;
  /** Null where a side tells no spread. */
  readonly error: RatioError | null;
}

/**
 * Welch's difference of means on logs (Welch, Biometrika 34, 1947), with Satterthwaite's degrees of freedom over all
 * parts of both sides (Biometrics Bulletin 2, 1946): v² / Σ vᵢ²/fᵢ.
 */
export function logRatio(baseline: LogValue, other: LogValue): LogRatio {
  const log = other.log - baseline.log;
  const [a, b] = [baseline.uncertainty, other.uncertainty];
  if (a === null || b === null) return { log, error: null };
  const { sd, freedom } = standardError([...a.parts, ...b.parts]);
  const half = halfWidth({ sd, freedom });
  return { log, error: { sd, freedom, half, sources: [a.source, b.source] } };
}

export function standardError(parts: readonly VariancePart[]): StandardError {
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const uncertain = parts.reduce((sum, part) => sum + part.variance ** 2 / part.freedom, 0);
  const freedom = uncertain > 0 ? variance ** 2 / uncertain : Infinity;
  return { sd: Math.sqrt(variance), freedom };
}

/** Half the width of the 95% interval, on logarithms. */
export function halfWidth({ sd, freedom }: StandardError): number {
  return t95(freedom) * sd;
}

/** 95% interval of the ratio itself; null without an error. */
export function ratioInterval({ log, error }: LogRatio): Interval | null {
  return error === null ? null : around(log, error.half);
}

/** 95% interval of one side's value, as its row would state it; null where it tells no spread. */
export function valueInterval({ log, uncertainty }: LogValue): Interval | null {
  return uncertainty === null ? null : around(log, halfWidth(standardError(uncertainty.parts)));
}

function around(log: number, half: number): Interval {
  return { low: Math.exp(log - half), high: Math.exp(log + half) };
}
