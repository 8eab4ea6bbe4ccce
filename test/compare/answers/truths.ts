/** Tests of machines whose pace is known: seconds a token that grow evenly with depth, as attention over a cache does. */
import type { CaseRecord } from "../../../src/bench/record.ts";
import type { PacedKind } from "../../../src/compare/answers/paceTests.ts";
import { row, type Columns } from "../rows.ts";

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
  kind: PacedKind,
  truth: Truth,
  tokens: number,
  depth = 0,
  overrides: Columns = {},
): CaseRecord {
  const seconds = secondsUpTo(truth, depth + tokens) - secondsUpTo(truth, depth);
  return row({
    n_prompt: kind === "prompt" ? tokens : 0,
    n_gen: kind === "generate" ? tokens : 0,
    n_depth: depth,
    avg_ts: tokens / seconds,
    ...overrides,
  });
}
