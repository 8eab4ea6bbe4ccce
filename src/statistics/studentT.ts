/** Student's t distribution. */
import { lazyPackage } from "../base/lazyPackage.ts";

const quantile = lazyPackage("@stdlib/stats-base-dists-t-quantile");

/** Half-width of the two-sided 95% interval in standard errors: 12.7 at 1 degree of freedom, 1.96 at infinity. */
export function t95(degreesOfFreedom: number): number {
  return quantile()(0.975, degreesOfFreedom);
}

/** The same of the normal distribution, for a spread that is known and not estimated. */
export const normal95 = 1.959963984540054;
