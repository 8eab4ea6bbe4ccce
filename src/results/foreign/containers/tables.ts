/**
 * Rows of tables: Markdown's with and without outer pipes, CSV, tabs, and the semicolons with decimal commas that
 * spreadsheets write. Columns are llama-bench's fields, or its Markdown's names for them, or another tool's.
 */
import {
  mostRows,
  nothingFound,
  TooManyRows,
  type Fields,
  type Found,
  type FoundRow,
} from "../found.ts";
import type { Line } from "../lines.ts";
import type { Scan } from "../scan.ts";
import { isLog } from "../surroundings.ts";
import { tools } from "../tools/tools.ts";
import { isDashes, isRule } from "./cells.ts";
import { isRowsEnd, orphaned, strangerAt } from "./strangers.ts";
import { headerAt, mostPieces, type Table } from "./tableHeader.ts";
import { bodyCells, clashIn, endsInHundredths, fieldsOf, joinedFields } from "./tableRow.ts";

export function tableRows(scan: Scan): Found {
  const found = nothingFound();
  const lines = scan.free();
  let table: Table | null = null;
  let isStrangers = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined) continue;
    const header = headerAt(lines, at, scan);
    const unknown = header === null ? strangerAt(lines, at) : null;
    // Tables of grids have a rule below each row.
    const stranger =
      unknown !== null && table !== null && isWhole(line.text, table) ? null : unknown;
    if (stranger !== null) {
      found.leftOut.push({ place: `line ${line.number}`, reason: stranger });
      table = null;
      isStrangers = true;
    } else if (header !== null) {
      table = header.table;
      isStrangers = false;
      found.headers.push({ tool: table.tool, line: line.number });
      at += header.lines - 1;
    } else if (table !== null) {
      if (found.rows.length > mostRows) throw new TooManyRows();
      const step = readLine(lines, at, table, found, scan.isOpen);
      if (step !== null) at += step - 1;
      else {
        table = null;
        isStrangers = true;
      }
    } else if (!isStrangers && isRowsEnd(line.text))
      found.leftOut.push({ place: `line ${line.number}`, reason: orphaned });
  }
  return found;
}

const cutOff = "its line is cut off before its end";

/**
 * Reads a line below a header, with those after it where it was broken.
 * @returns how many lines that were; null where the table is over.
 */
function readLine(
  lines: readonly Line[],
  at: number,
  table: Table,
  { rows, leftOut }: Found,
  isOpen: boolean,
): number | null {
  const { number, text } = lines[at] ?? { number: 0, text: "" };
  if (isRule(text) || isLog(text) || !text.includes(table.delimiter)) return 1;
  const cells = bodyCells(text, table);
  // Behind what a logger writes before each line.
  if (table.before > 0 && cells.every(isDashes)) return 1;
  const isLast = at === lines.length - 1;
  const place = `line ${number}`;
  const refuse = (reason: string): 1 => {
    leftOut.push({ place, reason });
    return 1;
  };
  const fields = fieldsOf(text, table);
  const isKnown = fields !== null && tools[table.tool].isRow(fields);
  // A header that is no tool's.
  if (!isKnown && table.delimiter === "|" && isRule(lines[at + 1]?.text ?? "")) return null;
  const broken = fields === null || mayGoOn(text, table) ? brokenRow(lines, at, table) : null;
  const read = broken?.fields ?? fields;
  if (read !== null) {
    const clash = fields === null ? null : clashIn(text, table);
    if (clash !== null) return refuse(clash);
    if (isLast && isOpen && isShorter(read, table, rows)) return refuse(cutOff);
    rows.push(rowOf(read, table, number));
    return broken?.lines ?? 1;
  }
  if (!isRowLike(text, cells, table, isLast)) return 1;
  const wanted = table.columns.length;
  return refuse(
    cells.length === wanted
      ? cutOff
      : `${cells.length} cells where its header has ${wanted} columns`,
  );
}

/** Without a pipe behind it a row's end is told by its last number alone. */
function mayGoOn(text: string, { delimiter, isClosed }: Table): boolean {
  if (delimiter !== "|" || text.trimEnd().endsWith("|")) return false;
  return isClosed || !endsInHundredths(text);
}

/** Whether decimals are missing that all rows above have: nothing stands behind the last line's. */
function isShorter(fields: Fields, table: Table, rows: readonly FoundRow[]): boolean {
  const { columns, output, isClosed } = table;
  const last = columns.at(-1) ?? "";
  const above = rows
    .filter((row) => row.output === output)
    .map((row) => decimalsOf(row.fields[last]));
  const [most = 0] = above;
  return (
    !isClosed &&
    most > 1 &&
    above.every((decimals) => decimals === most) &&
    decimalsOf(fields[last]) < most
  );
}

/** How many digits stand behind the last mark. */
function decimalsOf(cell: unknown): number {
  return /[.,](\d*)\D*$/u.exec(String(cell))?.[1]?.length ?? 0;
}

function rowOf(fields: Fields, { tool, output }: Table, line: number): FoundRow {
  return { tool, fields, place: `line ${line}`, line, output, outer: [] };
}

interface BrokenRow {
  readonly fields: Fields;
  readonly lines: number;
}

/** A row whose line goes on in the next ones, up to one that is a row itself, or none's. */
function brokenRow(lines: readonly Line[], at: number, table: Table): BrokenRow | null {
  if (table.delimiter !== "|") return null;
  const pieces = [lines[at]?.text ?? ""];
  while (pieces.length < mostPieces) {
    const next = lines[at + pieces.length]?.text;
    if (next === undefined || isLog(next) || isRule(next) || isWhole(next, table)) return null;
    if (isNextRow(pieces, next)) return null;
    pieces.push(next);
    const fields = joinedFields(pieces, table);
    const isWholeNow = next.trimEnd().endsWith("|") || endsInHundredths(next);
    if (fields !== null && (table.isClosed || isWholeNow)) return { fields, lines: pieces.length };
  }
  return null;
}

/** One pipe stands between two cells: where a line ends with one and the next begins with one, a row was over. */
function isNextRow(pieces: readonly string[], next: string): boolean {
  const isOver =
    pieces.at(-1)?.trimEnd().endsWith("|") === true && next.trimStart().startsWith("|");
  return isOver || (isRowsEnd(next) && pieces.some(isRowsEnd));
}

function isWhole(text: string, table: Table): boolean {
  const fields = fieldsOf(text, table);
  return fields !== null && tools[table.tool].isRow(fields);
}

/** Whether what has too few or too many cells is a row all the same, and no text that has the delimiter in it. */
function isRowLike(
  text: string,
  cells: readonly string[],
  { columns, delimiter }: Table,
  isLast: boolean,
): boolean {
  if (delimiter === "|" && (text.trimStart().startsWith("|") || isLast)) return true;
  if (text.trimStart().startsWith('"')) return true;
  return cells.length > 1 && cells.length * 2 >= columns.length;
}
