/** CSV as text: RFC 4180 with a header, lines ended by CRLF. */
import { lazyPackage } from "../base/lazyPackage.ts";
import { toCell } from "./csvCell.ts";
import type { CellValue } from "./csvCell.ts";

const csv = lazyPackage("csv-stringify/sync");

const lineEnd = "\r\n";
const needsQuotes = /[",\r\n]/;

/** Nearly all cells are plain: asking csv-stringify for each would take six seconds for 100,000 rows. */
function quoted(cell: string): string {
  return needsQuotes.test(cell) ? csv().stringify([[cell]], { eof: false }) : cell;
}

export function cellText(value: CellValue): string {
  return value === null || typeof value === "number" ? toCell(value) : quoted(toCell(value));
}

function lineOf(cells: readonly string[]): string {
  return `${cells.join(",")}${lineEnd}`;
}

/** Lines in one piece of text: large files never stand in memory as one string. */
const linesAPiece = 1000;

/**
 * @param cells the texts of a record's cells, in the order of `names`.
 * @returns the text in pieces, the header first.
 */
export function* csvPieces<T>(
  names: readonly string[],
  records: readonly T[],
  cells: (record: T) => readonly string[],
): Generator<string> {
  yield lineOf(names.map(cellText));
  for (let start = 0; start < records.length; start += linesAPiece) {
    const piece = records.slice(start, start + linesAPiece);
    yield piece.map((record) => lineOf(cells(record))).join("");
  }
}
