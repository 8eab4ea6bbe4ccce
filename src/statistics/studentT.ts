/** Student's t distribution. */
import { createRequire } from "node:module";
import type quantile from "@stdlib/stats-base-dists-t-quantile";

const require = createRequire(import.meta.url);
let tQuantile: typeof quantile | undefined;

/**
 * Half-width of the two-sided 95% interval in standard errors: 12.7 at 1 degree of freedom, 1.96 at infinity.
 * The library takes 0.13 s to load: it is loaded by the first interval, not by every command.
 */
export function t95(degreesOfFreedom: number): number {
  tQuantile ??= require("@stdlib/stats-base-dists-t-quantile") as typeof quantile;
  return tQuantile(0.975, degreesOfFreedom);
}

/** The same of the normal distribution, for a spread that is known and not estimated. */
export const normal95 = 1.959963984540054;
