/** Cases written down by the contract's columns, as a file would have them. */
import { testName, workloadOf } from "../../src/bench/workload.ts";
import type { CaseRecord } from "../../src/bench/record.ts";
import { columnNames, columns, type CaseRow } from "../../src/results/columns/columns.ts";
import { recordOf } from "../../src/results/recordOf.ts";
import type { ReadRow } from "../../src/results/row.ts";

/** Every column that may be unknown, unknown. */
export const unknownRow = Object.fromEntries(
  columnNames.map((name) => [name, columns[name].schema.safeParse(undefined).data ?? null]),
) as unknown as CaseRow;

/** The columns that tell what is computed: the test's name follows from the lengths. */
export function tested(lengths: {
  readonly n_prompt?: number;
  readonly n_gen?: number;
  readonly n_depth?: number;
}): Pick<CaseRow, "test" | "n_prompt" | "n_gen" | "n_depth"> {
  const { n_prompt = 0, n_gen = 0, n_depth = 0 } = lengths;
  const test = testName(workloadOf({ prompt: n_prompt, generated: n_gen, depth: n_depth }));
  return { test, n_prompt, n_gen, n_depth };
}

/** A case by its columns; those that aren't given are unknown. */
export function caseOf(given: Partial<ReadRow>): CaseRecord {
  return recordOf({ ...unknownRow, ...given });
}
