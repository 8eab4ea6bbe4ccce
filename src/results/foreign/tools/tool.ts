/** The contract of a program whose results are read. */
import type { EngineFacts, MachineFacts } from "../../../bench/record.ts";
import type { Workload } from "../../../bench/workload.ts";
import type { Fields, FoundRow } from "../found.ts";
import type { Around } from "../runs.ts";

/** What was measured, in llama-bench's words. */
export interface ForeignRecord {
  /** By the names of llama-bench's fields; those that it doesn't have by the name that the file has. */
  readonly fields: Fields;
  /** Where the lengths in llama-bench's fields don't say what was computed. */
  readonly workload?: Workload;
  /** Where it isn't llama.cpp as llama-bench has it. */
  readonly engine?: Pick<EngineFacts, "name"> & Partial<EngineFacts>;
  readonly machine?: Partial<MachineFacts>;
}

export interface Tool {
  /** Whether a row with these columns or keys, in lower case, is one of its. */
  owns(columns: ReadonlySet<string>): boolean;
  /** Columns whose cells may hold a `|`. */
  readonly piped: readonly string[];
  /** Whether the cells of a row stand under their columns, by what can only be one thing. */
  isRow(fields: Fields): boolean;
  /**
   * The measurements that a row tells, one or more.
   * @throws RowRefused where it tells none.
   */
  read(row: FoundRow, around: Around): ForeignRecord[];
}

/** A cell or a value as a text; null where it says nothing. */
export function textOf(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return null;
  const text = value.trim();
  return text === "" ? null : text;
}

/** A cell or a value as a number; null where it is none. */
export function numberOf(value: unknown): number | null {
  const text = textOf(value);
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
