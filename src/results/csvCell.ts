/** One cell of the CSV: what a value looks like there, and what it was. */
import { columnNames, columns, type ColumnName } from "./columns/columns.ts";

export type CellKind = "text" | "number" | "texts" | "numbers";

/** What a column holds is asked of its schema, so that the two can't part. */
function kindOf(column: ColumnName): CellKind {
  const takes = (value: unknown): boolean => columns[column].schema.safeParse(value).success;
  if (takes([])) return takes([1]) ? "numbers" : "texts";
  return takes(1) ? "number" : "text";
}

export const cellKinds = Object.fromEntries(
  columnNames.map((column) => [column, kindOf(column)]),
) as Readonly<Record<ColumnName, CellKind>>;

/**
 * A spreadsheet runs a cell that begins like this as a formula (OWASP, "CSV Injection"). The apostrophe keeps it text;
 * one that stands there already gets another, so that reading takes off exactly what writing put on.
 */
const formulaLike = /^'*[=+\-@\t\r\n]/;
const neutralised = /^'+[=+\-@\t\r\n]/;

function textCell(text: string): string {
  return formulaLike.test(text) ? `'${text}` : text;
}

function textOf(cell: string): string {
  return neutralised.test(cell) ? cell.slice(1) : cell;
}

/** Elements are `;`-joined, so one that holds a `;` gets a comma for it. */
function listCell(values: readonly (string | number)[]): string {
  return values
    .map((value) => (typeof value === "number" ? String(value) : value.replaceAll(";", ",")))
    .join(";");
}

export type CellValue = string | number | readonly (string | number)[] | null;

/** Unknown is empty. Numbers in the shortest form that reads back as the same double. */
export function toCell(value: CellValue): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return textCell(typeof value === "string" ? value : listCell(value));
}

/** A cell that is no number where one belongs stays text, for the schema to refuse. */
function numberOf(cell: string): number | string {
  const value = Number(cell);
  if (Number.isNaN(value)) return cell;
  // Blanks read as 0.
  return value === 0 && cell.trim() === "" ? cell : value;
}

const readers = {
  text: (cell: string) => (cell === "" ? null : textOf(cell)),
  number: (cell: string) => (cell === "" ? null : numberOf(cell)),
  texts: (cell: string) => (cell === "" ? [] : textOf(cell).split(";")),
  numbers: (cell: string) => (cell === "" ? [] : textOf(cell).split(";").map(numberOf)),
} satisfies Record<CellKind, (cell: string) => unknown>;

/** What `toCell` was given. */
export function fromCell(kind: CellKind, cell: string): unknown {
  return readers[kind](cell);
}
