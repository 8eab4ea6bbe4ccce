/** Cells of one column, read and checked fast: a file of 100,000 rows has nine million of them. */
import { getOrMake } from "../base/getOrMake.ts";
import { columns, type ColumnName } from "./columns/columns.ts";
import { cellKinds, fromCell } from "./csvCell.ts";
import { numberCheck } from "./numberCheck.ts";

/** Beyond it texts differ from row to row, and remembering them saves nothing. */
const mostRemembered = 10_000;

/** The value of a cell, or undefined where the column's schema refuses it. */
export type CellReader = (cell: string) => unknown;

/** One for all files: what the column takes is asked of its schema once. */
export function cellReader(column: ColumnName): CellReader {
  return getOrMake(readers, column, () => newReader(column));
}

const readers = new Map<ColumnName, CellReader>();

function newReader(column: ColumnName): CellReader {
  const kind = cellKinds[column];
  const accepts = (value: unknown): boolean => columns[column].schema.safeParse(value).success;
  if (kind === "number") {
    const isEmptyFine = accepts(null);
    const isNumberFine = numberCheck(accepts);
    return (cell) => {
      if (cell === "") return isEmptyFine ? null : undefined;
      const value = fromCell(kind, cell);
      return isNumberFine(value) ? value : undefined;
    };
  }
  if (kind === "numbers") {
    const isNumberFine = numberCheck((value) => accepts([value]));
    return (cell) => {
      const values = fromCell(kind, cell);
      return Array.isArray(values) && values.every(isNumberFine) ? values : undefined;
    };
  }
  return remembering((cell) => {
    const value = fromCell(kind, cell);
    return accepts(value) ? value : undefined;
  });
}

/** Most texts repeat thousands of times: machine, model, driver. */
function remembering(read: CellReader): CellReader {
  const known = new Map<string, unknown>();
  return (cell) => {
    if (known.has(cell)) return known.get(cell);
    const value = read(cell);
    if (known.size < mostRemembered) known.set(cell, value);
    return value;
  };
}
