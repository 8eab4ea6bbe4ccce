/** Which numbers a schema takes, known beforehand: asking zod for each of a million takes seconds. */

/**
 * What zod's number, its integer and their `positive` and `nonnegative` take: finite, and safe where whole. A schema with
 * other bounds has to be asked.
 * @param takes whether the schema takes this value.
 */
export function numberCheck(takes: (value: number) => boolean): (value: unknown) => boolean {
  const isKind = takes(0.5) ? Number.isFinite : Number.isSafeInteger;
  if (takes(-1)) return isKind;
  const least = takes(0) ? 0 : Number.MIN_VALUE;
  return (value) => isKind(value) && (value as number) >= least;
}
