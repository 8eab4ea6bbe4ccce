/** The CSV: RFC 4180 with a header, UTF-8, lines ended by CRLF, one row a case. */
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import type { z } from "zod";
import { describeIssues, showValue } from "../base/schemaIssues.ts";
import { LlmbenchError } from "../errors.ts";
import { columnNames, columns, schemaVersion } from "./caseResult.ts";
import type { CaseRow, Column } from "./caseResult.ts";
import { cellReader } from "./cellReader.ts";
import type { CellReader } from "./cellReader.ts";
import { cellKinds, fromCell, toCell } from "./csvCell.ts";

const lineEnd = "\r\n";
const needsQuotes = /[",\r\n]/;

/** Nearly all cells are plain: asking csv-stringify for each would take six seconds for 100,000 rows. */
function quoted(cell: string): string {
  return needsQuotes.test(cell) ? stringify([[cell]], { eof: false }) : cell;
}

function line(row: CaseRow): string {
  let text = "";
  for (const column of columnNames) {
    const value = row[column];
    text += typeof value === "number" || value === null ? toCell(value) : quoted(toCell(value));
    text += ",";
  }
  return text.slice(0, -1);
}

/** Rows in one piece of text: large files never stand in memory as one string. */
const rowsAPiece = 1000;

/** The bytes of results.csv, in pieces. */
export function* csvPieces(cases: readonly CaseRow[]): Generator<string> {
  yield `${columnNames.join(",")}${lineEnd}`;
  for (let start = 0; start < cases.length; start += rowsAPiece) {
    const rows = cases.slice(start, start + rowsAPiece);
    yield rows.map((row) => `${line(row)}${lineEnd}`).join("");
  }
}

/** The bytes of results.csv. */
export function toCsv(cases: readonly CaseRow[]): string {
  return [...csvPieces(cases)].join("");
}

/** Columns that no row can do without: those whose schema refuses unknown. */
const needed = columnNames.filter((column) => !columns[column].safeParse(undefined).success);

function parsed(text: string, place: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, relax_column_count: false });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new LlmbenchError("input", `${place}: not a CSV: ${cause}`, { cause: error });
  }
}

/**
 * Without a quote or a lone carriage return the format is commas and line ends alone, which are split ten times faster
 * than a parser reads; one line after the other, so that cells don't outlive their row. Lines of different lengths are
 * for the parser to refuse.
 */
function* records(text: string, place: string): Generator<string[], undefined> {
  if (text.includes('"') || /\r(?!\n)/.test(text)) {
    yield* parsed(text, place);
    return undefined;
  }
  let width: number | undefined;
  for (const record of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (record === "") continue;
    const cells = record.split(",");
    width ??= cells.length;
    if (cells.length !== width) parsed(text, place);
    yield cells;
  }
  return undefined;
}

/**
 * The rows of a results.csv. What only the journal keeps is empty; columns that this version doesn't know are left out.
 * @param place the file's name, for errors.
 * @param caseSchema what is wanted of a row.
 * @throws LlmbenchError `input` where the text is no such CSV, with row and column.
 */
export function readCsv<Case>(text: string, place: string, caseSchema: z.ZodType<Case>): Case[] {
  const rows = records(text, place);
  const header = rows.next().value ?? [];
  const missing = needed.find((column) => !header.includes(column));
  if (missing !== undefined)
    throw new LlmbenchError("input", `${place}: no results.csv of llmbench: no column ${missing}`);
  const known = header.flatMap((name, at): [Column, number][] =>
    Object.hasOwn(cellKinds, name) ? [[name as Column, at]] : [],
  );
  const whole = (cells: readonly string[], index: number): Case => {
    const values = known.map(([name, at]) => [name, fromCell(cellKinds[name], cells[at] ?? "")]);
    const cell = Object.fromEntries(values) as Record<string, unknown>;
    if (cell["schema_version"] !== schemaVersion)
      throw new LlmbenchError(
        "input",
        `${place}: row ${index + 1}: schema version ${showValue(cell["schema_version"])}, this llmbench reads ${schemaVersion}`,
      );
    const row = caseSchema.safeParse(cell);
    if (row.success) return row.data;
    throw new LlmbenchError(
      "input",
      `${place}: row ${index + 1}: ${describeIssues(row.error, cell, caseSchema)}`,
    );
  };
  const readers = known.map(([name, at]) => ({ name, at, read: cellReader(name) }));
  const cases: Case[] = [];
  let blank: Readonly<Record<string, unknown>> | undefined;
  for (const cells of rows) {
    // Checking each row as a whole takes ten seconds for 100,000: cell by cell, only what isn't fine goes that way.
    const fast = blank === undefined ? null : rowLike(blank, readers, cells);
    const row = (fast as Case | null) ?? whole(cells, cases.length);
    blank ??= { ...row, ...Object.fromEntries(readers.map(({ name, read }) => [name, read("")])) };
    cases.push(row);
  }
  return cases;
}

interface Reader {
  readonly name: Column;
  readonly at: number;
  readonly read: CellReader;
}

/** A row on the pattern of a blank one; null where a cell isn't fine. */
function rowLike(
  blank: Readonly<Record<string, unknown>>,
  readers: readonly Reader[],
  cells: readonly string[],
): Record<string, unknown> | null {
  const row = { ...blank };
  for (const { name, at, read } of readers) {
    const cell = cells[at] ?? "";
    if (cell === "" && blank[name] === null) continue;
    const value = read(cell);
    if (value === undefined || (name === "schema_version" && value !== schemaVersion)) return null;
    row[name] = value;
  }
  return row;
}
