/** A line of a table as its cells. */
import { lazyPackage } from "../../../base/lazyPackage.ts";
import { decimalMarkOf, plainNumber } from "../localNumber.ts";

const csv = lazyPackage("csv-parse/sync");

/**
 * In the order that they are tried: a CSV's header has no `|`, one of semicolons may have commas. Two blanks stand between
 * the columns that `sqlite3 -column` and `column -t` align.
 */
export const delimiters = ["|", "\t", ";", ",", "  "] as const;
export type Delimiter = (typeof delimiters)[number];

/** The line below a header, in any form: `| --- | ---: |`, `-- | --`, `+----+`, dashes that a word processor made. */
export function isRule(line: string): boolean {
  return /^[\s|:=+\-–—─┼├┤]*$/u.test(line) && /[-=–—─]/u.test(line);
}

/** A cell of such a line. */
export function isDashes(cell: string): boolean {
  return /^:?-+:?$/u.test(cell);
}

export function cellsOf(line: string, delimiter: Delimiter): string[] {
  if (delimiter === "|") return pipedCells(line);
  if (delimiter === "  ") return line.trim().split(/ {2,}/u);
  const cells = line.includes('"') ? quotedCells(line, delimiter) : line.split(delimiter);
  const trimmed = cells.map((cell) => cell.trim());
  return delimiter === "," ? trimmed : localNumbers(trimmed);
}

function pipedCells(line: string): string[] {
  return withPlainPipes(line)
    .split(/(?<!\\)\|/u)
    .map((cell) => plainCell(cell.replaceAll("\\|", "|")));
}

/** Jira's headers have two pipes between cells; editors that show formatted text escape each pipe that is pasted. */
function withPlainPipes(line: string): string {
  if (/^\s*\|\|(?:[^|]+\|\|)+\s*$/u.test(line)) return line.replaceAll("||", "|");
  return /^\s*\\\|/u.test(line) ? line.replaceAll("\\|", "|") : line;
}

/** Pictures, by themselves or since the mark behind them says so; a trademark's sign is none. */
const emoji = /\p{Emoji_Presentation}\uFE0F?|\p{Extended_Pictographic}\uFE0F/gu;

/** Without Markdown's emphasis, links and code marks, and the pictures that people put beside what they like. */
function plainCell(cell: string): string {
  return withoutMarkup(cell.replaceAll(emoji, ""))
    .trim()
    .replaceAll(/^(?:\*\*|__|`|\*)+|(?:\*\*|__|`|\*)+$/gu, "")
    .trim();
}

function withoutMarkup(cell: string): string {
  // Most cells have none.
  if (!/[*`[\\]/u.test(cell)) return cell;
  return cell
    .replaceAll(/!?\[([^\][]+)\]\((?:https?:|\/|#)[^()\s]*\)/gu, "$1")
    .replaceAll(/(\*\*|`)(?=\S)([^*`]*[^*`\s])\1/gu, "$2")
    .replaceAll(/(?<=\w)\\_(?=\w)/gu, "_");
}

/** Every cell quoted and no quote within one, as llama-bench prints them. */
function quotedCells(line: string, delimiter: Delimiter): string[] {
  const trimmed = line.trim();
  const between = `"${delimiter}"`;
  if (trimmed.startsWith('"') && trimmed.endsWith('"') && trimmed.length > 1) {
    const cells = trimmed.slice(1, -1).split(between);
    if (cells.every((cell) => !cell.includes('"'))) return cells;
  }
  return parsedCells(line, delimiter);
}

function parsedCells(line: string, delimiter: Delimiter): string[] {
  try {
    const options = { delimiter, relax_quotes: true, relax_column_count: true };
    const [cells = []]: string[][] = csv().parse(line, options);
    return cells;
  } catch {
    // A quote that nothing closes: as it stands.
    return line.split(delimiter);
  }
}

/** As programs write them, where commas can't end a cell. What could be two numbers stays as it is, and is refused as none. */
function localNumbers(cells: readonly string[]): string[] {
  const mark = decimalMarkOf(cells);
  return cells.map((cell) =>
    cell.includes(",") || mark === "," ? (plainNumber(cell, mark) ?? cell) : cell,
  );
}
