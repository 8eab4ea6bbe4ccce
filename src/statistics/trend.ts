/** Drift: do later samples tend to be faster or slower? */
import { chunk, errorFunction, mean, median } from "simple-statistics";

/** More samples of a launch are averaged in blocks first: the test looks at every pair. */
const maxPoints = 500;

export interface Trend {
  /** Kendall's S: pairs that rise less pairs that fall. */
  readonly s: number;
  /** S in standard deviations, continuity corrected; 0 where the samples can't show a trend. */
  readonly z: number;
  /** Two-sided probability of such an S without a trend (normal approximation, good to 1e-6). */
  readonly p: number;
  /** Median change from one sample to the next (Sen, JASA 63, 1968), in the samples' unit; null below two samples. */
  readonly slope: number | null;
}

interface Kendall {
  readonly s: number;
  readonly variance: number;
  readonly slopes: readonly number[];
}

/** 18 times the variance of S over n samples, and what a group of n ties takes from it. */
function varianceTerm(n: number): number {
  return n * (n - 1) * (2 * n + 5);
}

/** S with its variance under no trend, ties taken into account (Kendall, "Rank Correlation Methods", 1975). */
function kendall(launch: readonly number[]): Kendall {
  const blockSize = Math.ceil(launch.length / maxPoints);
  const samples =
    blockSize > 1 ? chunk([...launch], blockSize).map((block) => mean(block)) : launch;
  const slopes = samples.flatMap((earlier, i) =>
    samples.slice(i + 1).map((later, gap) => (later - earlier) / ((gap + 1) * blockSize)),
  );
  const counts = new Map<number, number>();
  for (const sample of samples) counts.set(sample, (counts.get(sample) ?? 0) + 1);
  const ties = [...counts.values()].reduce((sum, count) => sum + varianceTerm(count), 0);
  return {
    s: slopes.reduce((sum, slope) => sum + Math.sign(slope), 0),
    variance: (varianceTerm(samples.length) - ties) / 18,
    slopes,
  };
}

/**
 * Mann–Kendall trend test (Mann, Econometrica 13, 1945) within each launch; the launches' S and variances add, as
 * seasons do in Hirsch, Slack & Smith, Water Resources Research 18, 1982: a step between launches is no drift.
 * Samples in the order they were taken.
 */
export function trend(launches: readonly (readonly number[])[]): Trend {
  const parts = launches.map(kendall);
  const s = parts.reduce((sum, part) => sum + part.s, 0);
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const slopes = parts.flatMap((part) => part.slopes);
  const z = variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0;
  return {
    s,
    z,
    // The library's error function is off by 3e-8 at 0.
    p: z === 0 ? 1 : 1 - errorFunction(Math.abs(z) / Math.SQRT2),
    slope: slopes.length === 0 ? null : median(slopes),
  };
}
