/** Samples that stand apart: flagged, never dropped. */
import { mean, median, medianAbsoluteDeviation } from "simple-statistics";

/**
 * The modified z-score beyond which one of `n` samples is an outlier. Iglewicz & Hoaglin ("How to Detect and Handle
 * Outliers", ASQC 1993) take 3.5, which a tenth of long normal series exceed somewhere and a fifth of those with five
 * samples, whose MAD is poorly known. This is a fit to what 2% of normal series exceed (simulated for n from 3 to 200).
 */
function outlierScore(n: number): number {
  return n < 3 ? Infinity : 4 + 45 / (n - 2) ** 1.5;
}

/** 75th percentile of the standard normal distribution: the MAD of normal samples in standard deviations. */
const normalMad = 0.6745;
/** Square root of π/2: standard deviations in a mean absolute deviation of normal samples. */
const normalMeanDeviation = 1.2533141373155001;

/**
 * Modified z-score of each sample: 0.6745 (x - median) / MAD (Iglewicz & Hoaglin 1993).
 * Where more than half of the samples are equal the MAD is 0 and the mean absolute deviation takes its place.
 */
export function modifiedZScores(samples: readonly number[]): number[] {
  if (samples.length === 0) return [];
  const values = [...samples];
  const centre = median(values);
  const mad = medianAbsoluteDeviation(values);
  const scale =
    mad > 0
      ? mad / normalMad
      : normalMeanDeviation * mean(values.map((value) => Math.abs(value - centre)));
  return values.map((value) => (scale > 0 ? (value - centre) / scale : 0));
}

/** Indexes of the samples that stand apart, on either side. */
export function outliers(samples: readonly number[]): number[] {
  const limit = outlierScore(samples.length);
  return modifiedZScores(samples).flatMap((score, index) =>
    Math.abs(score) > limit ? [index] : [],
  );
}
