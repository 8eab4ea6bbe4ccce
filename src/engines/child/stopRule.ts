/** When a case has been repeated enough. */
import { mean } from "simple-statistics";
import type { RepetitionRule } from "../../bench/repetitions.ts";
import type { StopReason } from "../../bench/stopReasons.ts";
import { sampleSd } from "../../statistics/spread.ts";
import { t95 } from "../../statistics/studentT.ts";

/**
 * Student's t is wide at three, so that only a steady machine ends there. Looking at each repetition costs coverage: of
 * simulated normal samples the 95% interval held 95.5% at a scatter of 0.4%, 92.6% at 1%, 89.7% at 2%.
 */
const leastRepetitions = 3;
/** Where the time is up: without a second there is no scatter. */
const leastInTime = 2;
const mostRepetitions = 50;

/**
 * Null where another repetition is due.
 *
 * @param samplesNs the repetitions so far
 * @param elapsedNs all time since the first began; under `maxSeconds` since the warm-up did
 */
export function stopReason(
  samplesNs: readonly number[],
  elapsedNs: number,
  rule: RepetitionRule,
): StopReason | null {
  if (typeof rule === "number") return samplesNs.length >= rule ? "repetitions" : null;
  if ("sustainSeconds" in rule) return elapsedNs >= rule.sustainSeconds * 1e9 ? "sustain" : null;
  const { length } = samplesNs;
  if (rule.enough === null ? isPrecise(samplesNs, rule.precision) : length >= rule.enough)
    return "precision";
  if (length >= leastInTime && isTimeUp(elapsedNs, rule)) return "max_time";
  return length >= mostRepetitions ? "max_repetitions" : null;
}

/**
 * Whether warm-ups and repetitions took all the time that they may: on a busy machine no two warm-ups agree, and each takes
 * several times as long.
 */
export function isTimeUp(elapsedNs: number, rule: RepetitionRule): boolean {
  return typeof rule === "object" && "maxSeconds" in rule && elapsedNs >= rule.maxSeconds * 1e9;
}

function isPrecise(samples: readonly number[], precision: number): boolean {
  return samples.length >= leastRepetitions && relativeHalfWidth(samples) <= precision;
}

/** Student's t over the repetitions of one launch: how launches differ, none of them can show. */
function relativeHalfWidth(samples: readonly number[]): number {
  const sd = sampleSd(samples);
  if (sd === null) return Infinity;
  return (t95(samples.length - 1) * sd) / Math.sqrt(samples.length) / mean([...samples]);
}

/** The rule with its limits, for a child that isn't of Node and repeats by itself. */
export type StopLimits =
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "sustain"; readonly seconds: number }
  | {
      readonly kind: "auto";
      readonly precision: number;
      /** Where it is a number, neither `precision` nor `least` count. */
      readonly enough: number | null;
      readonly max_seconds: number;
      readonly least: number;
      readonly least_in_time: number;
      readonly most: number;
      /** Student's t of the two-sided 95% interval at 1, 2, … degrees of freedom. */
      readonly t95: readonly number[];
    };

export function stopLimits(rule: RepetitionRule): StopLimits {
  if (typeof rule === "number") return { kind: "count", count: rule };
  if ("sustainSeconds" in rule) return { kind: "sustain", seconds: rule.sustainSeconds };
  return {
    kind: "auto",
    precision: rule.precision,
    enough: rule.enough,
    max_seconds: rule.maxSeconds,
    least: leastRepetitions,
    least_in_time: leastInTime,
    most: mostRepetitions,
    t95: Array.from({ length: mostRepetitions - 1 }, (_, index) => t95(index + 1)),
  };
}
