/** A model's quantizations by precision, and which test to compare them in. */
import { groupBy } from "../base/groupBy.ts";
import { quantizationNames } from "../gguf/quantizations.ts";
import type { CaseRow } from "../results/caseResult.ts";
import { tokensOf } from "./holding.ts";
import type { Holding } from "./holding.ts";

export interface Precision {
  readonly model: string;
  readonly quantization: string | null;
  /** `llama-3-8b q4_0`. */
  readonly name: string;
  /** Null where no file says. */
  readonly bitsPerWeight: number | null;
}

/** Of one model, the most precise first; those of unknown precision are left out. */
export function precisionsOf(holdings: readonly Holding[]): Precision[] {
  const precisions = [...groupBy(holdings, ({ name }) => name).values()].flatMap(precisionOf);
  // Files' own bits where all say them, else the order that llama.cpp's types have.
  const known = precisions.every(({ bitsPerWeight }) => bitsPerWeight !== null);
  const rank = ({ bitsPerWeight, quantization }: Precision) =>
    known ? (bitsPerWeight ?? 0) : namesOrder.indexOf(quantization ?? "");
  return precisions
    .filter((precision) => rank(precision) >= 0)
    .toSorted((a, b) => rank(b) - rank(a));
}

/** Smallest first. */
const namesOrder: readonly string[] = quantizationNames;

function precisionOf(same: readonly Holding[]): Precision[] {
  const [first] = same;
  if (first === undefined) return [];
  const { model, quantization, name } = first;
  const bits = same.flatMap(({ bitsPerWeight }) => bitsPerWeight ?? []);
  return [{ model, quantization, name, bitsPerWeight: bits[0] ?? null }];
}

/** The test that most rows are of, the shorter of equals; null for none. */
export function mostShared(rows: readonly CaseRow[]): string | null {
  const tests = [...groupBy(rows, ({ test }) => test)].toSorted(
    ([, a], [, b]) => b.length - a.length || length(a) - length(b),
  );
  return tests[0]?.[0] ?? null;
}

function length([row]: readonly CaseRow[]): number {
  return row === undefined ? 0 : tokensOf(row);
}
