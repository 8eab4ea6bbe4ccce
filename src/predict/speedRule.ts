/**
 * How a machine's coefficients follow from its datasheet: each is a sum of published constants, times what the datasheet
 * says. One rule for those who predict and for those who read the constants off published rows.
 */
import type { Expectation } from "./leastSquares.ts";

/** One part of a coefficient: the constant's name, and what it is multiplied with. */
export interface RulePart<Name extends string> {
  readonly constant: Name;
  readonly times: number;
}

export interface Rule<Name extends string> {
  readonly parts: readonly RulePart<Name>[];
  /** How far a machine may be from it. */
  readonly relativeError: number;
  /** What physics allow. */
  readonly least?: number;
}

export type Constants<Name extends string> = Readonly<Record<Name, number>>;

export function expectedBy<Name extends string>(
  { parts, relativeError, least = 0 }: Rule<Name>,
  constants: Constants<Name>,
): Expectation {
  const value = parts.reduce((sum, { constant, times }) => sum + constants[constant] * times, 0);
  return { value, relativeError, least };
}
