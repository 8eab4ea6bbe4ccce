/** Writes results.csv: one row a case. */
import { groupBy } from "../base/groupBy.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { PartName } from "./columns/column.ts";
import { columnNames, columns, isReserved, type ColumnName } from "./columns/columns.ts";
import type { CellValue } from "./csvCell.ts";
import { csvPieces } from "./csvText.ts";

/** What of a record is one object for many cases in a row. */
type SharedPart =
  | "machine"
  | "engine"
  | "model"
  | "settings"
  | "workload"
  | "fit"
  | "memory"
  | "warnings";

/** Where the fields of a part are; null for those that are each case's own. */
const sharedParts = {
  machine: "machine",
  engine: "engine",
  model: "model",
  settings: "settings",
  fit: "fit",
  memory: "memory",
  case: null,
  summary: null,
  sustained: null,
  tokenMs: null,
  readings: null,
} as const satisfies Record<PartName, SharedPart | null>;

/** Columns that are no field, and are made of one of those alone. */
const madeOf: { readonly [Name in ColumnName]?: SharedPart } = {
  test: "workload",
  n_prompt: "workload",
  n_gen: "workload",
  n_depth: "workload",
  n_parallel: "workload",
  metric: "workload",
  unit: "workload",
  no_kv_offload: "settings",
  flash_attn: "settings",
  warnings: "warnings",
};

/** Null where each case has a cell of its own. */
function sharedPartOf(name: ColumnName): SharedPart | null {
  const { place } = columns[name];
  return place === null ? (madeOf[name] ?? null) : sharedParts[place.part];
}

interface Maker {
  /** Place of the cell in its row. */
  readonly at: number;
  readonly of: (record: CaseRecord) => CellValue;
}

/** Cells of one case after the other: those of a part that is the very one of the case before stay as they are. */
class Cells {
  /** By the part that they are made of; null for those of each case's own. */
  readonly #makers: readonly (readonly [part: SharedPart | null, makers: readonly Maker[]])[];
  readonly #values: CellValue[];
  #before: CaseRecord | null = null;

  constructor(names: readonly ColumnName[]) {
    const filled = [...names.entries()].filter(([, name]) => !isReserved(name));
    const byPart = groupBy(filled, ([, name]) => sharedPartOf(name));
    this.#makers = [...byPart].map(([part, columnsOfPart]) => [
      part,
      columnsOfPart.map(([at, name]) => ({ at, of: columns[name].of })),
    ]);
    this.#values = names.map(() => null);
  }

  /** Valid until the next. */
  of(record: CaseRecord): readonly CellValue[] {
    const before = this.#before;
    for (const [part, makers] of this.#makers)
      if (part === null || before === null || record[part] !== before[part])
        for (const { at, of } of makers) this.#values[at] = of(record);
    this.#before = record;
    return this.#values;
  }
}

/**
 * The bytes of results.csv, in pieces.
 * @param names the columns: those of an earlier edition make a file as it was made then.
 */
export function resultPieces(
  cases: readonly CaseRecord[],
  names: readonly ColumnName[] = columnNames,
): Generator<string> {
  const cells = new Cells(names);
  return csvPieces(names, cases, (record) => cells.of(record));
}

/** The bytes of results.csv. */
export function toCsv(cases: readonly CaseRecord[]): string {
  return [...resultPieces(cases)].join("");
}
