/** How sure several tests of one kind are together. */
import type { MeasuredRecord } from "../../bench/record.ts";
import { halfWidth, standardError, type StandardError } from "../judge/logRatio.ts";
import { logValueOf } from "../judge/logValue.ts";

/**
 * The error of the least sure test: tests of one launch share its luck, so several of them aren't surer than one. Null
 * where one of them tells no spread.
 */
export function leastSure(records: readonly MeasuredRecord[]): StandardError | null {
  const errors = records.map(errorOf);
  const known = errors.filter((error) => error !== null);
  if (known.length < errors.length) return null;
  return known.reduce((a, b) => (halfWidth(a) > halfWidth(b) ? a : b));
}

function errorOf(record: MeasuredRecord): StandardError | null {
  const { uncertainty } = logValueOf(record);
  return uncertainty === null ? null : standardError(uncertainty.parts);
}
