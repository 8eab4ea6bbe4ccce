/** Writes the CSV: RFC 4180 with a header, UTF-8, lines ended by CRLF, one row a case. */
import { lazyPackage } from "../base/lazyPackage.ts";
import { columnNames, type CaseRow, type Column } from "./caseResult.ts";
import { toCell } from "./csvCell.ts";

const csv = lazyPackage("csv-stringify/sync");

const lineEnd = "\r\n";
const needsQuotes = /[",\r\n]/;

/** Nearly all cells are plain: asking csv-stringify for each would take six seconds for 100,000 rows. */
function quoted(cell: string): string {
  return needsQuotes.test(cell) ? csv().stringify([[cell]], { eof: false }) : cell;
}

/** Writes rows; of one column, equal cells that follow each other are made once. */
class LineWriter {
  readonly #values: unknown[] = [];
  readonly #cells: string[] = [];

  line(row: CaseRow): string {
    let at = 0;
    // Rows have the columns in order: looking each up by name takes twice as long.
    for (const name in row) {
      if (name !== columnNames[at]) break;
      this.#set(at++, row[name]);
    }
    for (; at < columnNames.length; at++) this.#set(at, row[columnNames[at] as Column]);
    return this.#cells.join(",");
  }

  #set(at: number, value: CaseRow[Column]): void {
    if (value === this.#values[at]) return;
    this.#values[at] = value;
    this.#cells[at] =
      typeof value === "number" || value === null ? toCell(value) : quoted(toCell(value));
  }
}

/** Rows in one piece of text: large files never stand in memory as one string. */
const rowsAPiece = 1000;

/** The bytes of results.csv, in pieces. */
export function* csvPieces(cases: readonly CaseRow[]): Generator<string> {
  const writer = new LineWriter();
  yield `${columnNames.join(",")}${lineEnd}`;
  for (let start = 0; start < cases.length; start += rowsAPiece) {
    const rows = cases.slice(start, start + rowsAPiece);
    yield rows.map((row) => `${writer.line(row)}${lineEnd}`).join("");
  }
}

/** The bytes of results.csv. */
export function toCsv(cases: readonly CaseRow[]): string {
  return [...csvPieces(cases)].join("");
}
