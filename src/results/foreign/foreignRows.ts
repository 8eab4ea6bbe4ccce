/** What was read of another program's file, counted: rows that were read and rows that were left out are all there are. */
import { count } from "../../base/count.ts";
import type { ToolName } from "./toolNames.ts";

/** A row that is there and isn't read, for a reader to look at. */
export interface LeftOutRow {
  /** `line 12`, `record 3`. */
  readonly place: string;
  readonly reason: string;
}

export interface ForeignRows {
  /** A row may tell several cases. */
  readonly read: number;
  readonly leftOut: readonly LeftOutRow[];
  readonly tools: readonly ToolName[];
}

/** More places than this are counted. */
const namedPlaces = 20;

/** `bench.md: 11 of 12 rows of llama-bench read; left out: line 14 (t/s: expected a speed, got "OOM")`. */
export function rowsNote(file: string, { read, leftOut, tools }: ForeignRows): string {
  const whose = `of ${tools.join(" and ")}`;
  if (leftOut.length === 0) return `${file}: ${count(read, "row")} ${whose}, all read`;
  const all = read + leftOut.length;
  return `${file}: ${read} of ${all} rows ${whose} read; left out: ${leftOutText(leftOut)}`;
}

/** Of rows whose program doesn't name their model. */
export function namelessNote(file: string, rows: number): string {
  return (
    `${file}: no line names the model of ${count(rows, "row")}, so they are set against nothing; ` +
    "put the command line with its -m FILE above them"
  );
}

function leftOutText(leftOut: readonly LeftOutRow[]): string {
  const byReason = new Map<string, string[]>();
  for (const { place, reason } of leftOut)
    byReason.set(reason, [...(byReason.get(reason) ?? []), place]);
  return [...byReason].map(([reason, places]) => `${placesText(places)} (${reason})`).join("; ");
}

function placesText(places: readonly string[]): string {
  const named = places.slice(0, namedPlaces).join(", ");
  const more = places.length - namedPlaces;
  return more > 0 ? `${named} and ${more} more` : named;
}
