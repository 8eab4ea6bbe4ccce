/** The header of a table: whose columns they are, and in what form its lines have them. */
import type { FoundRow } from "../found.ts";
import type { Line } from "../lines.ts";
import type { Scan } from "../scan.ts";
import { ownerOf } from "../tools/tools.ts";
import { cellsOf, delimiters, isDashes, isRule, type Delimiter } from "./cells.ts";
import { isOurs } from "./strangers.ts";

export interface Table {
  readonly tool: FoundRow["tool"];
  readonly columns: readonly string[];
  readonly delimiter: Delimiter;
  /** Cells before the first column: the nothing before an outer pipe, what a logger put there. */
  readonly before: number;
  /** Whether a pipe ends each of its lines. */
  readonly isClosed: boolean;
  readonly output: number;
}

export interface HeaderLines {
  readonly table: Table;
  /** How many lines it takes: mails and terminals break long ones. */
  readonly lines: number;
}

/** A table's line takes no more than these at 40 columns. */
export const mostPieces = 6;

/** Every header has one of them; most lines have none. */
const headerMark = /t\/s|tok(?:en)?s?\/s|avg_ts|prompt_tps|speed_pp/iu;

export function headerAt(lines: readonly Line[], at: number, scan: Scan): HeaderLines | null {
  const pieces = piecesAt(lines, at);
  // Of a broken one the first piece may be a header by itself, with columns missing.
  for (let count = pieces.length; count > 0; count--) {
    const header = joins(pieces.slice(0, count)).find(isHeader);
    const shape = header === undefined ? null : shapeOf(header);
    if (shape !== null) return { table: { ...shape, output: scan.nextOutput() }, lines: count };
  }
  return null;
}

/** The line, and those that it may go on in: a header has no numbers, and below it stand a rule or a row. */
function piecesAt(lines: readonly Line[], at: number): string[] {
  const [first = "", ...others] = lines.slice(at, at + mostPieces).map((line) => line.text);
  if (!first.includes("|") || !firstColumns.test(first)) return [first];
  const end = others.findIndex((text) => isRule(text) || /\d/u.test(text) || isOwnHeader(text));
  return [first, ...(end === -1 ? others : others.slice(0, end))];
}

/** Of llama-bench's tables, and of those of the others. */
const firstColumns = /\b(?:model|n_kv)\b/iu;

/** The end of a broken header has its last columns, and never its first. */
function isOwnHeader(text: string): boolean {
  return firstColumns.test(text) && isHeader(text);
}

/** A line that was broken: within a word, as terminals do it, or where a blank was, as mails do. */
export function joins(pieces: readonly string[]): readonly [whole: string, blank: string] {
  return [pieces.join(""), pieces.map((piece) => piece.trim()).join(" ")];
}

function isHeader(text: string): boolean {
  return shapeOf(text) !== null;
}

function shapeOf(header: string): Omit<Table, "output"> | null {
  if (!headerMark.test(header)) return null;
  for (const delimiter of delimiters) {
    const cells = cellsOf(header, delimiter).map((cell) => cell.toLowerCase());
    // The rule below a header is none of its columns, whatever a logger wrote before it.
    if (cells.length < 3 || cells.some(isDashes)) continue;
    const { before, columns } = columnsOf(cells, delimiter);
    const tool = ownerOf(columns);
    if (tool === null || isOurs(columns)) continue;
    const isClosed = delimiter === "|" && header.trimEnd().endsWith("|");
    return { tool, columns, delimiter, before, isClosed };
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
