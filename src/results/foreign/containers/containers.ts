/** In what a text keeps rows, in the order that it is asked: what one has, the next doesn't see. */
import type { Found } from "../found.ts";
import type { Scan } from "../scan.ts";
import { jsonRows } from "./json.ts";
import { sqlRows } from "./sql.ts";
import { tableRows } from "./tables.ts";
import { trialRows } from "./trials.ts";

type Container = (scan: Scan) => Found;

const containers: readonly Container[] = [jsonRows, sqlRows, trialRows, tableRows];

/** All rows of all containers, by their lines. */
export function rowsOf(scan: Scan): Found {
  const all = containers.map((rows) => rows(scan));
  return {
    rows: all.flatMap(({ rows }) => rows).toSorted((a, b) => a.line - b.line),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
    headers: all.flatMap(({ headers }) => headers),
  };
}
