// @ts-check
// Ratios of paired measurements: their median, and an interval that assumes nothing of how they scatter.
import { binomialDistribution, median } from "simple-statistics";

/** Two-sided error of an interval. */
const alpha = 0.05;

/**
 * @typedef {{ low: number, high: number }} Interval
 * @typedef {{ ratio: number, interval: Interval | null, rounds: number }} PairedRatio
 * @typedef {"within" | "outside" | "undecided"} Verdict
 */

/**
 * How many of `n` sorted values lie outside of a 95% interval of their median at each end: the sign test's interval
 * (Conover, "Practical Nonparametric Statistics", 3.2). Null below 6 values, which allow none.
 *
 * @param {number} n
 * @returns {number | null}
 */
function trimmed(n) {
  const probabilities = n === 0 ? [] : (binomialDistribution(n, 0.5) ?? []);
  let tail = 0;
  let count = 0;
  for (const probability of probabilities) {
    tail += probability;
    if (2 * tail > alpha) break;
    count += 1;
  }
  return count === 0 ? null : count - 1;
}

/**
 * @param {readonly number[]} values at least one
 * @returns {Interval | null}
 */
export function medianInterval(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const outside = trimmed(sorted.length);
  if (outside === null) return null;
  return {
    low: /** @type {number} */ (sorted[outside]),
    high: /** @type {number} */ (sorted[sorted.length - 1 - outside]),
  };
}

/**
 * The median of `ours / theirs`, pair by pair: a slow launch spoils its own pair and no other.
 *
 * @param {readonly { ours: number, theirs: number }[]} pairs at least one, tokens per second
 * @returns {PairedRatio}
 */
export function pairedRatio(pairs) {
  const ratios = pairs.map(({ ours, theirs }) => ours / theirs);
  return { ratio: median(ratios), interval: medianInterval(ratios), rounds: ratios.length };
}

/**
 * Whether a ratio is 1 within `tolerance`: decided by the whole interval, by the ratio alone where there is none.
 *
 * @param {PairedRatio} paired
 * @param {number} tolerance 0.02 allows 0.98 to 1.02
 * @returns {Verdict}
 */
export function judgeRatio({ ratio, interval }, tolerance) {
  const { low, high } = interval ?? { low: ratio, high: ratio };
  const [least, most] = [1 - tolerance, 1 + tolerance];
  if (low >= least && high <= most) return "within";
  return high < least || low > most ? "outside" : "undecided";
}
