/** Reads the CSV that llmbench writes. */
import type { z } from "zod";
import { describeIssues, showValue } from "../base/schemaIssues.ts";
import { LlmbenchError } from "../errors.ts";
import { columnNames, columns, schemaVersion } from "./caseResult.ts";
import type { Column } from "./caseResult.ts";
import { cellReader } from "./cellReader.ts";
import type { CellReader } from "./cellReader.ts";
import { cellKinds, fromCell } from "./csvCell.ts";
import { ScannedRecords, Unusual, type CsvRecords } from "./csvRecords.ts";
import { ParsedRecords } from "./parsedRecords.ts";

/** Columns that no row can do without: those whose schema refuses unknown. */
const needed = columnNames.filter((column) => !columns[column].safeParse(undefined).success);

/**
 * The rows of a results.csv. What only the journal keeps is empty; columns that this version doesn't know are left out.
 * @param place the file's name, for errors.
 * @param caseSchema what is wanted of a row.
 * @throws LlmbenchError `input` where the text is no such CSV, with row and column.
 */
export function readCsv<Case extends object>(
  text: string,
  place: string,
  caseSchema: z.ZodType<Case>,
): Case[] {
  try {
    return readRecords(new ScannedRecords(text), place, caseSchema);
  } catch (error) {
    if (!(error instanceof Unusual)) throw error;
    return readRecords(new ParsedRecords(text, place), place, caseSchema);
  }
}

interface KnownColumn {
  readonly name: Column;
  readonly read: CellReader;
}

/** By place in the row; undefined for columns that this version doesn't know, which are left out. */
type KnownColumns = readonly (KnownColumn | undefined)[];

function readRecords<Case extends object>(
  records: CsvRecords,
  place: string,
  caseSchema: z.ZodType<Case>,
): Case[] {
  const known = knownColumns(records, place);
  const cases: Case[] = [];
  let current: Case | null = null;
  while (records.next()) {
    // Checking each row as a whole takes ten seconds for 100,000: cell by cell, only what isn't fine goes that way.
    if (current === null || !update(current, known, records))
      current = wholeRow(known, records, `${place}: row ${cases.length + 1}`, caseSchema);
    // Copies of one object are cheap, where copies of copies cost V8 fifteen times as much.
    cases.push({ ...current });
  }
  return cases;
}

/** Of the header. */
function knownColumns(records: CsvRecords, place: string): KnownColumns {
  const width = records.next() ? records.width : 0;
  const header = Array.from({ length: width }, (_, at) => records.cell(at));
  const missing = needed.find((column) => !header.includes(column));
  if (missing !== undefined)
    throw new LlmbenchError("input", `${place}: no results.csv of llmbench: no column ${missing}`);
  return header.map((name) =>
    Object.hasOwn(cellKinds, name)
      ? { name: name as Column, read: cellReader(name as Column) }
      : undefined,
  );
}

function wholeRow<Case>(
  known: KnownColumns,
  records: CsvRecords,
  place: string,
  caseSchema: z.ZodType<Case>,
): Case {
  const values = known.flatMap((column, at) =>
    column === undefined
      ? []
      : [[column.name, fromCell(cellKinds[column.name], records.cell(at))] as const],
  );
  const cell = Object.fromEntries(values) as Record<string, unknown>;
  if (cell["schema_version"] !== schemaVersion)
    throw new LlmbenchError(
      "input",
      `${place}: schema version ${showValue(cell["schema_version"])}, this llmbench reads ${schemaVersion}`,
    );
  const row = caseSchema.safeParse(cell);
  if (row.success) return row.data;
  const issues = describeIssues(row.error, cell, caseSchema);
  throw new LlmbenchError("input", `${place}: ${issues}`);
}

/** Turns the row before into this one, which most cells are shared with; false where a cell isn't fine. */
function update(row: object, known: KnownColumns, records: CsvRecords): boolean {
  const cells = row as Record<string, unknown>;
  for (const at of records.changed) {
    const column = known[at];
    if (column === undefined) continue;
    const { name, read } = column;
    const value = read(records.cell(at));
    if (value === undefined || (name === "schema_version" && value !== schemaVersion)) return false;
    cells[name] = value;
  }
  return true;
}
