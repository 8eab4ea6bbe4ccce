/** Holm's correction: a sentence over several pairs holds only if it would hold over all of them at once. */
import { lazyPackage } from "../../base/lazyPackage.ts";
import type { LogRatio } from "./logRatio.ts";

const distribution = lazyPackage("@stdlib/stats-base-dists-t-cdf");

/** Beyond it the t distribution is the normal one; the library has no value at Infinity. */
const asGoodAsInfinite = 1e6;

/** Probability that Student's t exceeds `t`. */
function upperTail(t: number, freedom: number): number {
  return distribution()(-t, Math.min(freedom, asGoodAsInfinite));
}

/**
 * Two-sided probability of a log ratio at least so far from the edge of the practical band, on the same side of it, if
 * the truth were on the edge: what a 95% interval wholly beyond the band, or wholly within, puts below 0.05.
 * Null without a spread.
 */
export function edgeP({ log, error }: LogRatio, practical: number): number | null {
  if (error === null) return null;
  const distance = Math.abs(Math.abs(log) - Math.log1p(practical));
  if (error.sd === 0) return distance > 0 ? 0 : 1;
  return Math.min(1, 2 * upperTail(distance / error.sd, error.freedom));
}

/**
 * Which of the hypotheses fall at a family-wise level (Holm, Scandinavian Journal of Statistics 6, 1979): the k-th
 * smallest p of n must be at most level / (n - k + 1), and all smaller ones too.
 */
export function holm(ps: readonly number[], level = 0.05): boolean[] {
  const sorted = Float64Array.from(ps).toSorted();
  const kept = sorted.findIndex((p, rank) => p > level / (ps.length - rank));
  const largest = kept === -1 ? Infinity : (sorted[kept - 1] ?? -Infinity);
  return ps.map((p) => p <= largest);
}
