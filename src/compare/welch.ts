/** The ratio of two speeds and its 95% interval. */
import { criticalT } from "./criticalT.ts";
import type { LogSpeed } from "./logSpeed.ts";

export interface LogRatio {
  /** ln(other / baseline). */
  readonly log: number;
  /** Standard error and its degrees of freedom; null where a side tells no spread. */
  readonly error: { readonly sd: number; readonly freedom: number } | null;
}

/**
 * Welch's difference of means on logs (Welch, Biometrika 34, 1947), with Satterthwaite's degrees of freedom over all
 * parts of both sides (Biometrics Bulletin 2, 1946): v² / Σ vᵢ²/fᵢ.
 */
export function logRatio(baseline: LogSpeed, other: LogSpeed): LogRatio {
  const log = other.log - baseline.log;
  if (baseline.parts === null || other.parts === null) return { log, error: null };
  const parts = [...baseline.parts, ...other.parts];
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const uncertain = parts.reduce((sum, part) => sum + part.variance ** 2 / part.freedom, 0);
  const freedom = uncertain > 0 ? variance ** 2 / uncertain : Infinity;
  return { log, error: { sd: Math.sqrt(variance), freedom } };
}

export interface RatioInterval {
  readonly low: number;
  readonly high: number;
}

/** 95% interval of the ratio itself; null without an error. */
export function ratioInterval({ log, error }: LogRatio): RatioInterval | null {
  if (error === null) return null;
  const half = criticalT(error.freedom) * error.sd;
  return { low: Math.exp(log - half), high: Math.exp(log + half) };
}

/** 95% interval of one side's speed, as its row would state it. */
export function speedInterval(speed: LogSpeed): RatioInterval | null {
  return ratioInterval(logRatio(exactlyOne, speed));
}

const exactlyOne: LogSpeed = { log: 0, parts: [], launch: null, basis: "" };
