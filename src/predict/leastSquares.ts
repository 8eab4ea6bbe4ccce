/**
 * Least squares for a handful of coefficients with a lower bound, on relative errors: a row of 8 t/s counts as
 * much as one of 150. What was known before counts as a row of its own (ridge regression toward that knowledge:
 * Hoerl & Kennard, Technometrics 12, 1970), so that one row alone is shared out sensibly and many rows overrule it.
 */

import { mean, sum } from "simple-statistics";

export interface Observation {
  /** What each coefficient is multiplied with. */
  readonly features: readonly number[];
  /** Seconds. */
  readonly target: number;
  /** How much it counts; 1 where not said. */
  readonly weight?: number;
}

/** A coefficient before any row was seen. */
export interface Expectation {
  readonly value: number;
  /** Of `value`; Infinity where the value is a mere order of magnitude. */
  readonly relativeError: number;
  /** What physics allow: 0 where not said. */
  readonly least?: number;
}

/** How well one row repeats at best: the 2% within which a measurement is asked to be right. */
const rowError = 0.02;

/** For a look at the rows alone: what was known decides only what they leave open. */
const nearlyNothing = rowError / 100;

/**
 * One coefficient per feature, in order. Rows that contradict each other by more than `rowError` count less against
 * what was known: what they leave unexplained among themselves is taken for their error.
 */
export function fitCoefficients(
  observations: readonly Observation[],
  expected: readonly Expectation[],
): number[] {
  if (observations.length === 0) return expected.map(({ value }) => value);
  const problem = normalEquations(observations, expected);
  const byRows = solve(problem, nearlyNothing);
  const unexplained = Math.sqrt(mean(problem.rows.map((row) => (dot(row, byRows) - 1) ** 2)));
  const shares = solve(problem, Math.max(rowError, unexplained));
  return shares.map((share, index) => share * (expected[index]?.value ?? 0));
}

/** In units of what was expected, each row divided by its target. */
interface Problem {
  readonly rows: readonly (readonly number[])[];
  readonly matrix: readonly (readonly number[])[];
  readonly right: readonly number[];
  readonly expected: readonly Expectation[];
}

function normalEquations(
  observations: readonly Observation[],
  expected: readonly Expectation[],
): Problem {
  const rows = observations.map(({ features, target }) =>
    expected.map(({ value }, index) => ((features[index] ?? 0) * value) / target),
  );
  const columns = expected.map((_, index) => rows.map((row) => row[index] ?? 0));
  const weighed = columns.map((column) =>
    column.map((value, row) => value * (observations[row]?.weight ?? 1)),
  );
  return {
    rows,
    matrix: weighed.map((column) => columns.map((other) => dot(column, other))),
    right: weighed.map((column) => sum(column)),
    expected,
  };
}

function solve({ matrix, right, expected }: Problem, error: number): number[] {
  const certainty = expected.map(({ relativeError }) => (error / relativeError) ** 2);
  return solveBounded(
    matrix.map((row, i) => row.map((value, j) => (i === j ? value + (certainty[i] ?? 0) : value))),
    right.map((value, i) => value + (certainty[i] ?? 0)),
    // What is expected to cost nothing does.
    expected.map(({ value, least = 0 }) => (value === 0 ? 0 : least / value)),
  );
}

/**
 * By active set: those that fall below their bound are put on it, worst first, and the others solved again. Exact for
 * the handful of positive coefficients here; none that was put on its bound comes back.
 */
function solveBounded(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
  least: readonly number[],
): number[] {
  const shares = right.map(() => 1);
  // What no row tells and nothing was known of stays as expected.
  let free = right.map((_, index) => index).filter((index) => (matrix[index]?.[index] ?? 0) > 0);
  while (free.length > 0) {
    const isFree = new Set(free);
    const rest = free.map((i) =>
      (matrix[i] ?? []).reduce(
        (left, value, j) => (isFree.has(j) ? left : left - value * (shares[j] ?? 0)),
        right[i] ?? 0,
      ),
    );
    const solved = eliminate(
      free.map((i) => free.map((j) => matrix[i]?.[j] ?? 0)),
      rest,
    );
    for (const [at, index] of free.entries()) shares[index] = solved[at] ?? 0;
    const below = free.map((index) => (least[index] ?? 0) - (shares[index] ?? 0));
    const worst = Math.max(...below);
    if (worst <= 0) break;
    const index = free[below.indexOf(worst)] ?? 0;
    shares[index] = least[index] ?? 0;
    free = free.filter((other) => other !== index);
  }
  return shares;
}

/** Gaussian elimination with pivots; a coefficient that the others tell already is left at 0. */
function eliminate(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const pivot = rows
      .slice(k)
      .reduce(
        (best, row, at) => (Math.abs(row[k] ?? 0) > Math.abs(rows[best]?.[k] ?? 0) ? k + at : best),
        k,
      );
    [rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []];
    const diagonal = rows[k]?.[k] ?? 0;
    if (Math.abs(diagonal) < singular) continue;
    for (const [at, row] of rows.entries()) {
      if (at === k) continue;
      const factor = (row[k] ?? 0) / diagonal;
      for (let j = k; j <= n; j++) row[j] = (row[j] ?? 0) - factor * (rows[k]?.[j] ?? 0);
    }
  }
  return rows.map((row, k) =>
    Math.abs(row[k] ?? 0) < singular ? 0 : (row[n] ?? 0) / (row[k] ?? 1),
  );
}

const singular = 1e-12;

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, index) => total + value * (b[index] ?? 0), 0);
}
