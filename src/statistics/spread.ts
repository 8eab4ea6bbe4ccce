/** Centre and spread of one series of samples. Null where there are too few samples to know. */
import {
  max,
  mean,
  median,
  medianAbsoluteDeviation,
  min,
  sampleStandardDeviation,
} from "simple-statistics";

/** All in the unit of the samples. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation (n - 1), as llama-bench's; a single sample has none. */
  readonly sd: number | null;
  readonly median: number;
  /** Median absolute deviation from the median, unscaled. */
  readonly mad: number;
  readonly min: number;
  readonly max: number;
}

export function sampleSd(samples: readonly number[]): number | null {
  return samples.length < 2 ? null : sampleStandardDeviation([...samples]);
}

/** Null for no samples. */
export function spread(samples: readonly number[]): Spread | null {
  if (samples.length === 0) return null;
  const values = [...samples];
  return {
    mean: mean(values),
    sd: sampleSd(values),
    median: median(values),
    mad: medianAbsoluteDeviation(values),
    min: min(values),
    max: max(values),
  };
}
