/** A record as a row: all that the CSV and the journal have of it, and what a line of the journal says. */
import type { CaseRecord } from "../bench/record.ts";
import { columnNames, columns, type ColumnName } from "./columns/columns.ts";
import { journalKeyNames, journalKeys } from "./journalKeys.ts";
import { lineColumnNames, type JournalRow, type LineRow } from "./row.ts";

type Writer = readonly [name: string, of: (record: CaseRecord) => unknown];

/** Columns first, then what only the journal keeps. */
function writersOf(names: readonly ColumnName[]): Writer[] {
  return [
    ...names.map((name): Writer => [name, columns[name].of]),
    ...journalKeyNames.map((name): Writer => [name, journalKeys[name].of]),
  ];
}

const all = writersOf(columnNames);
const filled = writersOf(lineColumnNames);

function written(record: CaseRecord, writers: readonly Writer[]): unknown {
  const row: Record<string, unknown> = {};
  for (const [name, of] of writers) row[name] = of(record);
  return row;
}

/** In the CSV's order. */
export function rowOf(record: CaseRecord): JournalRow {
  return written(record, all) as JournalRow;
}

/** As the journal's lines have it. */
export function lineRowOf(record: CaseRecord): LineRow {
  return written(record, filled) as LineRow;
}
