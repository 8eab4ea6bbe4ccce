/** How likely one prediction comes out ahead of others. */
import { errorFunction } from "simple-statistics";
import type { Estimate } from "../../predict/families/predictedMachine.ts";

/** A range holds four of five: its ends lie so many standard deviations from the centre of a normal distribution. */
const deviationsToEnd = 1.2815515655446004;

/**
 * Chance that `a` takes less time than `b`: both are taken for independent and log-normal, each with the spread of the side that
 * faces the other. From 0.5, where the centres are the same, it falls towards 0.5 as ranges widen.
 */
export function chanceOfLess(a: Estimate, b: Estimate): number {
  const gap = Math.log(b.centre / a.centre);
  const [first, second] = gap >= 0 ? [a, b] : [b, a];
  const spread = Math.hypot(
    Math.log(first.high / first.centre) / deviationsToEnd,
    Math.log(second.centre / second.low) / deviationsToEnd,
  );
  if (gap === 0) return 0.5;
  return spread === 0 ? Number(gap > 0) : (1 + errorFunction(gap / spread / Math.SQRT2)) / 2;
}

/** Chance that `one` takes less time than each of the others, at least: what is left of 1 beside the chances of losing to each. */
export function chanceOfLeast(one: Estimate, others: readonly Estimate[]): number {
  const losing = others.reduce((sum, other) => sum + 1 - chanceOfLess(one, other), 0);
  return Math.max(0, 1 - losing);
}
