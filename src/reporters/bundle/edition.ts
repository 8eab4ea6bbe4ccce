/** Which columns a bundle's CSV has: those that there were when it was made. */
import { columnNames, type ColumnName } from "../../results/columns/columns.ts";
import { firstEdition } from "../../results/columns/firstEdition.ts";

/**
 * Columns are only ever added, and behind the others: each edition is the first and some of those that came later. Today's
 * where the header is none that llmbench ever wrote.
 */
export function editionOf(csv: Uint8Array | undefined): readonly ColumnName[] {
  const header = headerOf(csv ?? new Uint8Array());
  const edition = columnNames.slice(0, header.split(",").length);
  const isOne = edition.length >= firstEdition.length && edition.join(",") === header;
  return isOne ? edition : columnNames;
}

/** The first line, without the carriage return of RFC 4180. */
function headerOf(csv: Uint8Array): string {
  const end = csv.indexOf(0x0d);
  return Buffer.from(csv.subarray(0, Math.max(0, end))).toString("utf8");
}
