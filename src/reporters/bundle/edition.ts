/** Which columns a bundle's CSV has: those that there were when it was made. */
import { columnNames, type ColumnName } from "../../results/columns/columns.ts";
import { firstEdition } from "../../results/columns/firstEdition.ts";

const editions: readonly (readonly ColumnName[])[] = [columnNames, firstEdition];

/** Today's where the header is none that llmbench ever wrote. */
export function editionOf(csv: Uint8Array | undefined): readonly ColumnName[] {
  const header = headerOf(csv ?? new Uint8Array());
  return editions.find((names) => names.join(",") === header) ?? columnNames;
}

/** The first line, without the carriage return of RFC 4180. */
function headerOf(csv: Uint8Array): string {
  const end = csv.indexOf(0x0d);
  return Buffer.from(csv.subarray(0, Math.max(0, end))).toString("utf8");
}
