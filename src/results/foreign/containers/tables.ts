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
import { ownerOf, tools } from "../tools/tools.ts";
import { cellsOf, delimiters, isRule, type Delimiter } from "./cells.ts";

interface Table {
  readonly tool: FoundRow["tool"];
  readonly columns: readonly string[];
  readonly delimiter: Delimiter;
  /** Cells before the first column: the nothing before an outer pipe, what a logger put there. */
  readonly before: number;
  readonly output: number;
}

/** Every header has one of them; most lines have none. */
const headerMark = /t\/s|tok(?:en)?s?\/s|avg_ts|prompt_tps|speed_pp/iu;

export function tableRows(scan: Scan): Found {
  const found = nothingFound();
  const lines = scan.free();
  let table: Table | null = null;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined) continue;
    const header = headerAt(lines, at, scan);
    if (header !== null) {
      table = header.table;
      found.headers.push({ tool: table.tool, line: line.number });
      at += header.lines - 1;
    } else if (table !== null) {
      if (found.rows.length > mostRows) throw new TooManyRows();
      const step = readLine(lines, at, table, found);
      if (step === null) table = null;
      else at += step - 1;
    }
  }
  return found;
}

interface HeaderLines {
  readonly table: Table;
  /** How many lines it takes: a mail breaks long ones. */
  readonly lines: number;
}

function headerAt(lines: readonly Line[], at: number, scan: Scan): HeaderLines | null {
  const text = lines[at]?.text ?? "";
  const next = lines[at + 1]?.text ?? "";
  if (headerMark.test(text)) {
    const table = tableOf(text, scan);
    if (table !== null) return { table, lines: 1 };
  }
  if (!/\bmodel\b/iu.test(text) || !text.includes("|") || !headerMark.test(next)) return null;
  const table = tableOf(`${text.trimEnd()} ${next.trimStart()}`, scan);
  return table === null ? null : { table, lines: 2 };
}

function tableOf(header: string, scan: Scan): Table | null {
  for (const delimiter of delimiters) {
    const cells = cellsOf(header, delimiter).map((cell) => cell.toLowerCase());
    if (cells.length < 3) continue;
    const { before, columns } = columnsOf(cells, delimiter);
    const tool = ownerOf(columns);
    if (tool !== null) return { tool, columns, delimiter, before, output: scan.nextOutput() };
  }
  return null;
}

/** Between outer pipes; a text before the first of them is no column where nothing stands behind the last. */
function columnsOf(cells: readonly string[], delimiter: Delimiter) {
  if (delimiter !== "|") return { before: 0, columns: cells };
  const isClosed = cells.at(-1) === "";
  const inner = isClosed ? cells.slice(0, -1) : cells;
  const [first = ""] = cells;
  let before = first === "" || (isClosed && !/^[a-z_/ ]+$/u.test(first)) ? 1 : 0;
  while (inner[before] === "") before += 1;
  // A logger that sets `|` between its own cells: a time, a level, a place in a program.
  const model = inner.findIndex((cell) => /^(?:model|model_type|pp|test)$/u.test(cell));
  before = Math.max(before, 1 + inner.slice(0, Math.max(model, 0)).findLastIndex(isLoggers));
  return { before, columns: inner.slice(before) };
}

function isLoggers(cell: string): boolean {
  return /[:[\]]|^(?:trace|debug|info|warn(?:ing)?|error)$/u.test(cell);
}

/**
 * Reads a line below a header, with the next where a mail broke it.
 * @returns how many lines that were; null where the table is over.
 */
function readLine(
  lines: readonly Line[],
  at: number,
  table: Table,
  { rows, leftOut }: Found,
): number | null {
  const { number, text } = lines[at] ?? { number: 0, text: "" };
  if (isRule(text) || isLog(text) || !text.includes(table.delimiter)) return 1;
  const cells = bodyCells(text, table);
  // Behind what a logger writes before each line.
  if (table.before > 0 && cells.every((cell) => /^:?-+:?$/u.test(cell))) return 1;
  const next = lines[at + 1]?.text ?? "";
  const place = `line ${number}`;
  const row = (fields: Fields): FoundRow => {
    return { tool: table.tool, fields, place, line: number, output: table.output, outer: [] };
  };
  const fields = fieldsOf(text, table);
  const isKnown = fields !== null && tools[table.tool].isRow(fields);
  // A header that is no tool's.
  if (!isKnown && table.delimiter === "|" && isRule(next)) return null;
  if (fields !== null) {
    rows.push(row(fields));
    return 1;
  }
  const joined = next.includes("|")
    ? fieldsOf(`${text.trimEnd()} ${next.trimStart()}`, table)
    : null;
  if (joined !== null) {
    rows.push(row(joined));
    return 2;
  }
  if (!isRowLike(text, cells, table)) return 1;
  const wanted = table.columns.length;
  leftOut.push({ place, reason: `${cells.length} cells where its header has ${wanted} columns` });
  return 1;
}

/** Whether what has too few or too many cells is a row all the same, and no text that has the delimiter in it. */
function isRowLike(text: string, cells: readonly string[], { columns, delimiter }: Table): boolean {
  if (delimiter === "|" && text.trimStart().startsWith("|")) return true;
  if (text.trimStart().startsWith('"')) return true;
  return cells.length > 1 && cells.length * 2 >= columns.length;
}

function bodyCells(text: string, { delimiter, before }: Table): string[] {
  const cells = cellsOf(text, delimiter);
  if (delimiter !== "|") return cells;
  const closed = cells.length > 1 && cells.at(-1) === "" ? cells.slice(0, -1) : cells;
  return closed.slice(before);
}

/** Null where its cells can't be those of the columns. */
function fieldsOf(text: string, table: Table): Fields | null {
  const { columns, delimiter, tool } = table;
  const cells = bodyCells(text, table);
  const named = (row: readonly string[]): Fields =>
    Object.fromEntries(columns.map((column, at) => [column, row[at] ?? ""]));
  if (cells.length === columns.length) return named(cells);
  if (cells.length < columns.length || delimiter !== "|") return null;
  return (
    spread(cells, table)
      .map(named)
      .find((fields) => tools[tool].isRow(fields)) ?? null
  );
}

/**
 * Ways to read a row of too many cells: the `|` of a pattern is part of its cell, what stands before it is told by the row's
 * beginning and what stands behind by its end; else something was written behind the row.
 */
function spread(cells: readonly string[], { columns, tool }: Table): string[][] {
  const more = cells.length - columns.length;
  const piped = tools[tool].piped.map((name) => columns.indexOf(name)).filter((at) => at !== -1);
  const joined = piped.map((at) =>
    cells.toSpliced(at, more + 1, cells.slice(at, at + more + 1).join("|")),
  );
  return [...joined, cells.slice(0, columns.length)];
}
