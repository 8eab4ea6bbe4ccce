/** When a case has been repeated enough. */
import { mean } from "simple-statistics";
import type { RepetitionRule } from "../bench/repetitions.ts";
import type { StopReason } from "../bench/stopReasons.ts";
import { sampleSd } from "../statistics/spread.ts";
import { t95 } from "../statistics/studentT.ts";

/** An interval from fewer says little; of repetitions that take long, three must do. */
const leastRepetitions = 5;
const leastLongRepetitions = 3;
const longRepetitionNs = 30e9;
const mostRepetitions = 50;

/** Null where another repetition is due. `samplesNs` are the repetitions so far, `elapsedNs` all time since the first began. */
export function stopReason(
  samplesNs: readonly number[],
  elapsedNs: number,
  rule: RepetitionRule,
): StopReason | null {
  if (typeof rule === "number") return samplesNs.length >= rule ? "repetitions" : null;
  if ("sustainSeconds" in rule) return elapsedNs >= rule.sustainSeconds * 1e9 ? "sustain" : null;
  const long = Math.max(0, ...samplesNs) > longRepetitionNs;
  if (samplesNs.length < (long ? leastLongRepetitions : leastRepetitions)) return null;
  if (relativeHalfWidth(samplesNs) <= rule.precision) return "precision";
  if (elapsedNs >= rule.maxSeconds * 1e9) return "max_time";
  return samplesNs.length >= mostRepetitions ? "max_repetitions" : null;
}

/** Student's t over the repetitions of one launch: how launches differ, none of them can show. */
function relativeHalfWidth(samples: readonly number[]): number {
  const sd = sampleSd(samples);
  if (sd === null) return Infinity;
  return (t95(samples.length - 1) * sd) / Math.sqrt(samples.length) / mean([...samples]);
}
