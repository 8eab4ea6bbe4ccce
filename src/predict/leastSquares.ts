/**
 * Least squares for a handful of coefficients that can't be negative, on relative errors: a row of 8 t/s counts as
 * much as one of 150. What was known before counts as a row of its own (ridge regression toward that knowledge:
 * Hoerl & Kennard, Technometrics 12, 1970), so that one row alone is shared out sensibly and many rows overrule it.
 */

export interface Observation {
  /** What each coefficient is multiplied with. */
  readonly features: readonly number[];
  /** Seconds. */
  readonly target: number;
}

/** A coefficient before any row was seen. */
export interface Expectation {
  readonly value: number;
  /** Of `value`; Infinity where the value is a mere order of magnitude. */
  readonly relativeError: number;
}

/** How well one row repeats: the 2% within which a measurement is asked to be right. */
const rowError = 0.02;

/** Coordinate descent on six coefficients settles within hundreds of rounds; this is a stop, not a budget. */
const maxRounds = 20_000;
const settled = 1e-12;

export function fitCoefficients(
  observations: readonly Observation[],
  expected: readonly Expectation[],
): number[] {
  const scales = expected.map(({ value }) => value);
  const rows = observations.map(({ features, target }) =>
    features.map((feature, index) => (feature * (scales[index] ?? 0)) / target),
  );
  const certainty = expected.map(({ relativeError }) => (rowError / relativeError) ** 2);
  // Normal equations in units of what was expected.
  const matrix = scales.map((_, i) =>
    scales.map(
      (__, j) =>
        rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0) +
        (i === j ? (certainty[i] ?? 0) : 0),
    ),
  );
  const right = scales.map(
    (_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) + (certainty[i] ?? 0),
  );
  return solveNonNegative(matrix, right).map((share, index) => share * (scales[index] ?? 0));
}

/** Coordinate descent: each coefficient in turn takes its best value, the others kept, and 0 where that is negative. */
function solveNonNegative(matrix: readonly number[][], right: readonly number[]): number[] {
  const shares = right.map(() => 1);
  for (let round = 0; round < maxRounds; round++) {
    let change = 0;
    for (const [i, row] of matrix.entries()) {
      const diagonal = row[i] ?? 0;
      // No row tells it and nothing was known: as expected.
      if (diagonal === 0) continue;
      const others = row.reduce(
        (sum, value, j) => (j === i ? sum : sum + value * (shares[j] ?? 0)),
        0,
      );
      const next = Math.max(0, ((right[i] ?? 0) - others) / diagonal);
      change = Math.max(change, Math.abs(next - (shares[i] ?? 0)));
      shares[i] = next;
    }
    if (change < settled) break;
  }
  return shares;
}
