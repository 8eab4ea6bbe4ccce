/** A line below a header as the fields of a row. */
import type { Fields } from "../found.ts";
import { tools } from "../tools/tools.ts";
import { cellsOf } from "./cells.ts";
import { joins, type Table } from "./tableHeader.ts";

export function bodyCells(text: string, { delimiter, before }: Table): string[] {
  const cells = cellsOf(text, delimiter);
  if (delimiter !== "|") return cells;
  const closed = cells.length > 1 && cells.at(-1) === "" ? cells.slice(0, -1) : cells;
  return closed.slice(before);
}

/** Null where its cells can't be those of the columns. */
export function fieldsOf(text: string, table: Table): Fields | null {
  const { columns, delimiter, tool } = table;
  const cells = bodyCells(text, table);
  const named = (row: readonly string[]): Fields =>
    Object.fromEntries(columns.map((column, at) => [column, row[at] ?? ""]));
  if (cells.length === columns.length) return isCut(text, cells, table) ? null : named(cells);
  if (cells.length < columns.length || delimiter !== "|") return null;
  return (
    spread(cells, table)
      .map(named)
      .find((fields) => tools[tool].isRow(fields)) ?? null
  );
}

/** With fewer decimals, and no pipe behind them, some are missing. */
function isCut(text: string, cells: readonly string[], { isClosed }: Table): boolean {
  return isClosed && !text.trimEnd().endsWith("|") && !endsInHundredths(cells.at(-1) ?? "");
}

/** All these programs print two decimals in the last column of a table. */
export function endsInHundredths(text: string): boolean {
  return /[.,]\d\d$/u.test(text.trimEnd());
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

/**
 * The row that pieces of a line make together; null where they make none, and where a blank more or less makes another of
 * it.
 */
export function joinedFields(pieces: readonly string[], table: Table): Fields | null {
  const isRow = (fields: Fields | null): fields is Fields =>
    fields !== null && tools[table.tool].isRow(fields);
  const [whole, blank] = joins(pieces).map((text) => fieldsOf(text, table));
  if (!isRow(whole ?? null)) return isRow(blank ?? null) ? (blank ?? null) : null;
  if (!isRow(blank ?? null)) return whole ?? null;
  const isSame = tools[table.tool].piped.every((name) => whole?.[name] === blank?.[name]);
  return isSame ? (whole ?? null) : null;
}

/** Two columns of one name that tell different things: which is meant nobody knows. */
export function clashIn(text: string, table: Table): string | null {
  const cells = bodyCells(text, table);
  for (const [at, column] of table.columns.entries()) {
    const first = table.columns.indexOf(column);
    if (column !== "" && first < at && cells[first] !== cells[at])
      return `two columns are called ${column}, and tell ${JSON.stringify(cells[first])} and ${JSON.stringify(cells[at])}`;
  }
  return null;
}
