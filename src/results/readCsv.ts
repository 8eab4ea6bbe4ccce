/** Reads the CSV that llmbench writes. */
import { describeIssues } from "../base/schemaIssues.ts";
import { showValue } from "../base/showValue.ts";
import type { CaseRecord } from "../bench/record.ts";
import { LlmbenchError } from "../errors.ts";
import { columnNames, columns, isRead, type ColumnName } from "./columns/columns.ts";
import { cellReader } from "./cellReader.ts";
import type { CellReader } from "./cellReader.ts";
import { cellKinds, fromCell } from "./csvCell.ts";
import { ScannedRecords, Unusual, type CsvRecords } from "./csvRecords.ts";
import { isOwnHeader } from "./ownColumns.ts";
import { ParsedRecords } from "./parsedRecords.ts";
import { madeAt, RecordMaker, type ToldLaunches } from "./recordOf.ts";
import { reportedRowSchema, type ReadRow } from "./row.ts";
import { schemaVersion } from "./schemaVersion.ts";
import type { ChangedColumns } from "./sharedParts.ts";

/** Columns that no row can do without: those whose schema refuses unknown. */
const needed = columnNames.filter((column) => !columns[column].schema.safeParse(undefined).success);

/**
 * The cases of a results.csv. What only the journal keeps is unknown; columns that this version doesn't know are left out.
 * @param place the file's name, for errors.
 * @throws LlmbenchError `input` where the text is no such CSV, with row and column.
 */
export function readCsv(text: string, place: string, told: ToldLaunches = "apart"): CaseRecord[] {
  try {
    return readRecords(new ScannedRecords(text), place, told);
  } catch (error) {
    if (!(error instanceof Unusual)) throw error;
    return readRecords(new ParsedRecords(text, place), place, told);
  }
}

interface KnownColumn {
  readonly name: ColumnName;
  readonly read: CellReader;
}

/** By place in the row; undefined for columns that this version doesn't know, or doesn't read, which are left out. */
type KnownColumns = readonly (KnownColumn | undefined)[];

function readRecords(records: CsvRecords, place: string, told: ToldLaunches): CaseRecord[] {
  const header = headerOf(records);
  const known = knownColumns(header, place);
  const cases: CaseRecord[] = [];
  const maker = new RecordMaker(told);
  let current: ReadRow | null = null;
  while (records.next()) {
    if (isNoRow(records, header)) {
      current = null;
      continue;
    }
    const at = `${place}: row ${cases.length + 1}`;
    // Checking each row as a whole takes ten seconds for 100,000: cell by cell, only what isn't fine goes that way.
    const changed = current === null ? null : update(current, known, records);
    const row: ReadRow =
      current === null || changed === null ? wholeRow(known, records, at) : current;
    cases.push(madeAt(at, () => maker.of(row, changed)));
    current = row;
  }
  return cases;
}

function headerOf(records: CsvRecords): readonly string[] {
  const width = records.next() ? records.width : 0;
  return Array.from({ length: width }, (_, at) => records.cell(at));
}

/** The header of another file that was appended, and what a spreadsheet makes of an empty line. */
function isNoRow(records: CsvRecords, header: readonly string[]): boolean {
  const at = header.indexOf("schema_version");
  const version = records.cell(at);
  if (version !== "" && version !== header[at]) return false;
  const isAll = (wanted: (at: number) => string | undefined) =>
    header.every((_, column) => records.cell(column) === wanted(column));
  return isAll(() => "") || isAll((column) => header[column]);
}

/** @throws LlmbenchError `input` where a column is missing, or there twice. */
function knownColumns(header: readonly string[], place: string): KnownColumns {
  const refuse = (problem: string) => new LlmbenchError("input", `${place}: ${problem}`);
  const missing = needed.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    const [mark] = /[;\t]/u.exec(header.find(isOwnHeader) ?? "") ?? [];
    if (mark === undefined) throw refuse(lackOf(missing, header));
    const marks = mark === ";" ? "semicolons" : "tabs";
    throw refuse(
      `its cells are set apart by ${marks}, as some spreadsheets save them; save it with commas, or give the run's folder or its .jsonl`,
    );
  }
  const twice = header.find(
    (name, at) => Object.hasOwn(columns, name) && header.indexOf(name) < at,
  );
  if (twice !== undefined) throw refuse(`two columns are called ${twice}; leave one of them out`);
  return header.map((name) =>
    Object.hasOwn(columns, name) && isRead(name as ColumnName)
      ? { name: name as ColumnName, read: cellReader(name as ColumnName) }
      : undefined,
  );
}

/** More names are no help in an error's line. */
const mostNamed = 5;

function lackOf(missing: readonly ColumnName[], header: readonly string[]): string {
  const [first] = missing;
  if (!isOwnHeader(header.join(","))) return `no results.csv of llmbench: no column ${first}`;
  const left = missing.length - mostNamed;
  const names = `${missing.slice(0, mostNamed).join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
  const columnsOf = missing.length === 1 ? "its column" : "its columns";
  return `a results.csv of llmbench without ${columnsOf} ${names}; give the whole file, or the run's folder`;
}

function wholeRow(known: KnownColumns, records: CsvRecords, place: string): ReadRow {
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
  const row = reportedRowSchema.safeParse(cell);
  if (row.success) return row.data;
  const issues = describeIssues(row.error, cell, reportedRowSchema);
  throw new LlmbenchError("input", `${place}: ${issues}`);
}

/**
 * Turns the row before into this one, which most cells are shared with.
 * @returns the columns that it has other; null where a cell isn't fine.
 */
function update(row: object, known: KnownColumns, records: CsvRecords): ChangedColumns {
  const cells = row as Record<string, unknown>;
  const changed: string[] = [];
  for (const at of records.changed) {
    const column = known[at];
    if (column === undefined) continue;
    const { name, read } = column;
    const value = read(records.cell(at));
    if (value === undefined || (name === "schema_version" && value !== schemaVersion)) return null;
    cells[name] = value;
    changed.push(name);
  }
  return changed;
}
