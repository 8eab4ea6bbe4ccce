/** The moment at which a series falls from one level to a lower one, if it does so at a step. */
import { linearRegression, mean, median, sum } from "simple-statistics";

/** Repetitions that follow each other are alike, which makes small probabilities smaller than they are. */
const leastProbability = 1e-3;

/** A smaller step, as a share of the level before it, is no matter. */
const leastStep = 0.05;

/** Fewer samples show no levels. */
const leastSamples = 8;

export interface Fall {
  /** Place of the first sample on the lower level, from 0. */
  readonly index: number;
  /** Medians before and after, in the samples' unit. */
  readonly before: number;
  readonly after: number;
  /** Probability of such a fall without a change of level. */
  readonly p: number;
}

/**
 * The most likely fall: Pettitt's test (Applied Statistics 28, 1979), one-sided, p ≈ exp(-6K²/(T³+T²)). It finds a
 * place in a steady slope too, so that a step must also describe the samples better than a straight line does.
 */
export function fall(samples: readonly number[]): Fall | null {
  const n = samples.length;
  if (n < leastSamples) return null;
  const { k, index } = pettitt(samples);
  const p = Math.exp((-6 * k ** 2) / (n ** 3 + n ** 2));
  const [early, late] = [samples.slice(0, index), samples.slice(index)];
  if (early.length === 0 || late.length === 0) return null;
  const [before, after] = [median(early), median(late)];
  const matters = p < leastProbability && 1 - after / before >= leastStep;
  return matters && errorOfStep(early, late) < errorOfLine(samples)
    ? { index, before, after, p }
    : null;
}

/** The largest U over all places, U = 2 Σ rank - t (T + 1): how far the first t samples lie above the others. */
function pettitt(samples: readonly number[]): { k: number; index: number } {
  const ranked = ranks(samples);
  let [sumOfRanks, k, index] = [0, 0, 0];
  for (const [i, rank] of ranked.entries()) {
    sumOfRanks += rank;
    const u = 2 * sumOfRanks - (i + 1) * (samples.length + 1);
    if (u > k) [k, index] = [u, i + 1];
  }
  return { k, index };
}

/** Each sample's rank from 1; equal samples share the mean of theirs. */
function ranks(samples: readonly number[]): number[] {
  const sorted = [...samples].sort((a, b) => a - b);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [i, value] of sorted.entries()) {
    if (!first.has(value)) first.set(value, i + 1);
    last.set(value, i + 1);
  }
  return samples.map((value) => ((first.get(value) ?? 0) + (last.get(value) ?? 0)) / 2);
}

function errorOfStep(...levels: readonly (readonly number[])[]): number {
  return sum(
    levels.map((level) => {
      const centre = mean([...level]);
      return squares(level, () => centre);
    }),
  );
}

function errorOfLine(samples: readonly number[]): number {
  const { m, b } = linearRegression(samples.map((value, i) => [i, value]));
  return squares(samples, (i) => m * i + b);
}

function squares(samples: readonly number[], expected: (index: number) => number): number {
  return sum(samples.map((value, i) => (value - expected(i)) ** 2));
}
