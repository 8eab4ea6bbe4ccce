/** How much the repetitions of a case scatter within its launches. */
import { mean, sampleVariance } from "simple-statistics";

export interface PooledVariance {
  /** In the unit of the samples, squared. */
  readonly variance: number;
  /** Degrees of freedom: the repetitions, less one of each launch. */
  readonly freedom: number;
}

/** Each launch's own variance, weighted by its degrees of freedom; null where no launch has two samples. */
export function pooledVariance(launches: readonly (readonly number[])[]): PooledVariance | null {
  const repeated = launches.filter((samples) => samples.length > 1);
  const freedom = repeated.reduce((sum, samples) => sum + samples.length - 1, 0);
  if (freedom === 0) return null;
  const squares = repeated.map((samples) => sampleVariance([...samples]) * (samples.length - 1));
  return { variance: squares.reduce((sum, square) => sum + square, 0) / freedom, freedom };
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
