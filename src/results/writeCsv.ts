/** Writes results.csv: one row a case. */
import { columnNames } from "./caseResult.ts";
import type { CaseRow } from "./caseResult.ts";
import type { CellValue } from "./csvCell.ts";
import { csvPieces } from "./csvText.ts";

/** Rows have the columns in order: looking each up by name takes twice as long. */
function cells(row: CaseRow): readonly CellValue[] {
  const values: CellValue[] = [];
  for (const name in row) {
    if (name !== columnNames[values.length]) break;
    values.push(row[name]);
  }
  for (const name of columnNames.slice(values.length)) values.push(row[name]);
  return values;
}

/** The bytes of results.csv, in pieces. */
export function resultPieces(cases: readonly CaseRow[]): Generator<string> {
  return csvPieces(columnNames, cases, cells);
}

/** The bytes of results.csv. */
export function toCsv(cases: readonly CaseRow[]): string {
  return [...resultPieces(cases)].join("");
}
