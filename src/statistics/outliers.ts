/** Samples that stand apart: flagged, never dropped. */
import { mean, median, medianAbsoluteDeviation } from "simple-statistics";

/** Above it a sample is an outlier (Iglewicz & Hoaglin, "How to Detect and Handle Outliers", ASQC 1993). */
const outlierScore = 3.5;

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

/** Indexes of the samples whose modified z-score is beyond ±3.5. */
export function outliers(samples: readonly number[]): number[] {
  return modifiedZScores(samples).flatMap((score, index) =>
    Math.abs(score) > outlierScore ? [index] : [],
  );
}
