/**
 * Times of single tokens, of every repetition, in bounded space: how often each time was seen, times rounded to 0.1%.
 * Histograms of several launches are merged; percentiles of launches are never averaged.
 */

/** A time in ns, and how many tokens took it; times rise. */
export type TokenTimes = readonly (readonly [ns: number, tokens: number])[];

/** Neighbouring buckets are this far apart, so that a time is off by half of it at most: 0.1%. */
const bucketWidth = 0.002;

/** Counts times without keeping them. */
export class TokenClock {
  private readonly counts = new Map<number, number>();

  add(ns: number): void {
    if (!(ns > 0)) return;
    const bucket = Math.round(Math.log(ns) / bucketWidth);
    this.counts.set(bucket, (this.counts.get(bucket) ?? 0) + 1);
  }

  times(): TokenTimes {
    return [...this.counts]
      .toSorted(([a], [b]) => a - b)
      .map(([bucket, count]) => [Math.round(Math.exp(bucket * bucketWidth)), count] as const);
  }
}

/**
 * The time in ns that a share of all tokens took at most (nearest rank), over all the launches given; null where too few
 * tokens were seen for a 95% confidence interval of that percentile to end at one of them: with n tokens none lies above
 * it with probability share^n, which must be 2.5% at most (6 tokens for the median, 36 for p90, 368 for p99).
 */
export function tokenPercentile(launches: readonly TokenTimes[], share: number): number | null {
  const all = launches.flat().toSorted(([a], [b]) => a - b);
  const total = all.reduce((sum, [, count]) => sum + count, 0);
  if (share ** total > 0.025) return null;
  const rank = Math.ceil(share * total);
  let seen = 0;
  for (const [ns, count] of all) {
    seen += count;
    if (seen >= rank) return ns;
  }
  return null;
}
