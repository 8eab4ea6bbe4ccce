/** How sure several tests of one kind are together. */
import { criticalT } from "../criticalT.ts";
import { logSpeedOf } from "../logSpeed.ts";
import { logRatio } from "../welch.ts";
import type { LogRatio } from "../welch.ts";
import type { CaseRow } from "../../results/caseResult.ts";

/** Relative standard error and its degrees of freedom; null where no spread is known. */
export type RelativeError = LogRatio["error"];

/**
 * That of the least sure test: tests of one launch share its luck, so several of them aren't surer than one. Null where
 * one of them tells no spread.
 */
export function leastSure(rows: readonly CaseRow[]): RelativeError {
  const errors = rows.map(errorOf);
  const known = errors.filter((error) => error !== null);
  if (known.length < errors.length) return null;
  return known.reduce((a, b) => (halfWidth(a) > halfWidth(b) ? a : b));
}

function errorOf(row: CaseRow): RelativeError {
  const speed = logSpeedOf(row);
  return speed === null ? null : logRatio({ ...speed, parts: [] }, speed).error;
}

function halfWidth({ sd, freedom }: NonNullable<RelativeError>): number {
  return criticalT(freedom) * sd;
}
