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

/** Writes lines; of one column, equal cells that follow each other are made once. */
class LineWriter {
  readonly #values: unknown[] = [];
  readonly #cells: string[] = [];

  line(values: readonly CellValue[]): string {
    let at = 0;
    for (const value of values) {
      if (value !== this.#values[at]) {
        this.#values[at] = value;
        this.#cells[at] =
          typeof value === "number" || value === null ? toCell(value) : quoted(toCell(value));
      }
      at += 1;
    }
    return `${this.#cells.join(",")}${lineEnd}`;
  }
}

/** Lines in one piece of text: large files never stand in memory as one string. */
const linesAPiece = 1000;

/**
 * @param cells a record's values, one for each of `names`.
 * @returns the text in pieces, the header first.
 */
export function* csvPieces<T>(
  names: readonly string[],
  records: readonly T[],
  cells: (record: T) => readonly CellValue[],
): Generator<string> {
  const writer = new LineWriter();
  yield writer.line(names);
  for (let start = 0; start < records.length; start += linesAPiece) {
    const piece = records.slice(start, start + linesAPiece);
    yield piece.map((record) => writer.line(cells(record))).join("");
  }
}
