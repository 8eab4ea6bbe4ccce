/** Tests of machines whose pace is known: seconds a token that grow evenly with depth, as attention over a cache does. */
import type { Kind } from "../../../src/compare/workload/paceTests.ts";
import type { CaseRow } from "../../../src/results/caseResult.ts";
import { row } from "../rows.ts";

export interface Truth {
  readonly start: number;
  readonly growth: number;
}

export const level = (tokensPerSecond: number): Truth => ({
  start: 1 / tokensPerSecond,
  growth: 0,
});

export const secondsUpTo = ({ start, growth }: Truth, tokens: number): number =>
  start * tokens + (growth * tokens ** 2) / 2;

/** Measured without error, unless the overrides tell one. */
export function measured(
  kind: Kind,
  truth: Truth,
  tokens: number,
  depth = 0,
  overrides: Partial<CaseRow> = {},
): CaseRow {
  const seconds = secondsUpTo(truth, depth + tokens) - secondsUpTo(truth, depth);
  return row({
    test: `${kind}${tokens} @ d${depth}`,
    n_prompt: kind === "pp" ? tokens : 0,
    n_gen: kind === "tg" ? tokens : 0,
    n_depth: depth,
    avg_ts: tokens / seconds,
    ...overrides,
  });
}
