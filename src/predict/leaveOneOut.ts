/** How good a model is on the rows it was made from: each part is predicted from the others. */
import { max, median } from "simple-statistics";
import type { Timed } from "./timedWork.ts";

export interface LeaveOneOut {
  /** Models and quantizations, each left out in turn. */
  readonly parts: number;
  /** Relative errors of tokens per second, without their sign. */
  readonly medianError: number;
  readonly largestError: number;
}

/** Null for a single part, which nothing else tells of. */
export function leaveOneOut<Work>(
  rows: readonly Timed<Work>[],
  secondsFrom: (others: readonly Timed<Work>[]) => (work: Work) => number,
): LeaveOneOut | null {
  const parts = [...new Set(rows.map(({ part }) => part))];
  if (parts.length < 2) return null;
  const errors = parts.flatMap((left) => {
    const predict = secondsFrom(rows.filter(({ part }) => part !== left));
    return rows
      .filter(({ part }) => part === left)
      .map(({ work, seconds }) => Math.abs(seconds / predict(work) - 1));
  });
  return { parts: parts.length, medianError: median(errors), largestError: max(errors) };
}
