/** A model's quantizations by precision, and which test to compare them in. */
import { groupBy } from "../base/groupBy.ts";
import { quantizationNames } from "../gguf/quantizations.ts";
import { contextTokens, testName, type Workload } from "../bench/workload.ts";
import type { NamedModel } from "./modelNames.ts";
import type { ModelOnMachine } from "./modelOnMachine.ts";

export interface Precision {
  readonly model: NamedModel;
  /** `llama-3-8b q4_0`. */
  readonly name: string;
  /** Null where no file says. */
  readonly bitsPerWeight: number | null;
}

/** One model's quantizations, the most precise first; those of unknown precision are left out. */
export function precisionsOf(models: readonly ModelOnMachine[]): Precision[] {
  const precisions = [...groupBy(models, ({ name }) => name).values()].flatMap(precisionOf);
  // Files' own bits where all say them, else the order that llama.cpp's types have.
  const known = precisions.every(({ bitsPerWeight }) => bitsPerWeight !== null);
  const rank = ({ bitsPerWeight, model }: Precision) =>
    known ? (bitsPerWeight ?? 0) : namesOrder.indexOf(model.quantization ?? "");
  return precisions
    .filter((precision) => rank(precision) >= 0)
    .toSorted((a, b) => rank(b) - rank(a));
}

/** Smallest first. */
const namesOrder: readonly string[] = quantizationNames;

function precisionOf(same: readonly ModelOnMachine[]): Precision[] {
  const [first] = same;
  if (first === undefined) return [];
  const { model, name } = first;
  const bits = same.flatMap(({ bitsPerWeight }) => bitsPerWeight ?? []);
  return [{ model, name, bitsPerWeight: bits[0] ?? null }];
}

interface Tested {
  readonly workload: Workload;
}

/** The test that most cases are of, the shorter of equals; null for none. */
export function mostShared(cases: readonly Tested[]): string | null {
  const tests = [...groupBy(cases, ({ workload }) => testName(workload))].toSorted(
    ([, a], [, b]) => b.length - a.length || length(a) - length(b),
  );
  return tests[0]?.[0] ?? null;
}

function length([first]: readonly Tested[]): number {
  return first === undefined ? 0 : contextTokens(first.workload);
}
