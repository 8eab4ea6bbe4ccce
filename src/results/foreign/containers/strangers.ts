/** Tables that look like results and are no program's that is read: each is named, so that nobody misses its rows. */
import type { Line } from "../lines.ts";
import { cellsOf, delimiters, isRule } from "./cells.ts";

/** Columns of the tables that llmbench prints, whatever is in them. */
const ours = ["model", "weights", "backend", "test", "t/s"];

export function isOurs(columns: readonly string[]): boolean {
  return ours.every((name) => columns.includes(name));
}

const testColumn = /^(?:test|(?:pp|tg) ?\d+\b.*)$/iu;

/** What llama-bench prints in its last two columns. */
const rowsEnd =
  /\|\s*(?:pp ?\d+|tg ?\d+)[^|]*\|\s*\d[\d.,]*\s*(?:±|\+\/?-)\s*\d[\d.,]*\s*\|?\s*$/iu;

export function isRowsEnd(text: string): boolean {
  return rowsEnd.test(text);
}

export const orphaned = "a row without the header of its table; copy the lines above it, too";

/** Why the table whose header stands there isn't read; null where none does. */
export function strangerAt(lines: readonly Line[], at: number): string | null {
  const [text = "", next = ""] = [lines[at]?.text, lines[at + 1]?.text];
  if (
    ours.every((name) => text.includes(name)) &&
    delimiters.some((one) => isOurs(cellsOf(text, one)))
  )
    return "a table of llmbench, whose numbers are rounded; give the run's folder, its results.csv or results.jsonl";
  if (!text.includes("|") || !isRule(next) || isRule(text)) return null;
  return cellsOf(text, "|").some((cell) => testColumn.test(cell))
    ? "a table of no program that is known: it has no column t/s"
    : null;
}
