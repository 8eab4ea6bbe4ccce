/** How much the repetitions of a case scatter within its launches. */
import { mean, sampleVariance } from "simple-statistics";
import { sumOf } from "../base/sumOf.ts";

export interface PooledVariance {
  /** In the unit of the samples, squared. */
  readonly variance: number;
  /** Degrees of freedom: the repetitions, less one of each launch. */
  readonly freedom: number;
}

/** Each launch's own variance, weighted by its degrees of freedom; null where no launch has two samples. */
export function pooledVariance(launches: readonly (readonly number[])[]): PooledVariance | null {
  const repeated = launches.filter((samples) => samples.length > 1);
  const freedom = sumOf(repeated, ({ length }) => length - 1);
  if (freedom === 0) return null;
  const squares = sumOf(repeated, (samples) => sampleVariance([...samples]) * (samples.length - 1));
  return { variance: squares / freedom, freedom };
}

export interface Scatter {
  /** Standard deviation of repetitions within a launch, as a share of their mean. */
  readonly relativeSd: number;
  readonly freedom: number;
}

/** Null where no launch has two samples. */
export function pooledScatter(launches: readonly (readonly number[])[]): Scatter | null {
  const pooled = pooledVariance(launches);
  if (pooled === null) return null;
  const { variance, freedom } = pooled;
  return { relativeSd: Math.sqrt(variance) / mean(launches.flat()), freedom };
}
