/** Student's t distribution. */
import { getOrMake } from "../base/getOrMake.ts";
import { lazyPackage } from "../base/lazyPackage.ts";

const quantile = lazyPackage("@stdlib/stats-base-dists-t-quantile");

/** The 97.5% quantile of the normal distribution, for a spread that is known and not estimated. */
export const normal95 = 1.959963984540054;

/** With more degrees of freedom the two distributions are one, to six digits. */
const asGoodAsInfinite = 1e6;

/** A quantile costs 7 µs; of the same few whole degrees of freedom a large comparison asks a hundred thousand. */
const whole = new Map<number, number>();

/** Half-width of the two-sided 95% interval in standard errors: 12.7 at 1 degree of freedom, 1.96 at infinity. */
export function t95(freedom: number): number {
  if (freedom > asGoodAsInfinite) return normal95;
  if (!Number.isInteger(freedom)) return quantile()(0.975, freedom);
  return getOrMake(whole, freedom, () => quantile()(0.975, freedom));
}
