/** The half-width of a 95% interval in standard errors, for any degrees of freedom. */
import { normal95, t95 } from "./studentT.ts";

/** A quantile costs 7 µs; of the same few whole degrees of freedom a large comparison asks a hundred thousand. */
const whole = new Map<number, number>();

export function criticalT(freedom: number): number {
  if (freedom > 1e6) return normal95;
  if (!Number.isInteger(freedom)) return t95(freedom);
  const cached = whole.get(freedom);
  if (cached !== undefined) return cached;
  const value = t95(freedom);
  whole.set(freedom, value);
  return value;
}
