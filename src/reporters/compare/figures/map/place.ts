/** Where sizes and contexts lie in a map. */
import type { MapRow } from "../../../../compare/sizes/winnerMap.ts";
import type { Margins } from "../../drawing/chart.ts";
import { along, type LogAxis } from "../../drawing/logAxis.ts";
import { bytesPerGib } from "../../words/phrases.ts";

/** Pixels of one context. */
export const rowHeight = 16;

/** Margins of the maps, without the legend above them. */
export const mapMargins: Margins = { left: 40, right: 12, top: 0, bottom: 38 };

/** What places the parts of one map, and gives each machine its look. */
export interface MapPlace {
  readonly rows: readonly MapRow[];
  /** The axis of sizes, in GiB of weights. */
  readonly axis: LogAxis;
  /** All machines of the comparison. */
  readonly series: readonly string[];
}

/** Pixels from the left edge. */
export function xOf(weightsBytes: number, { axis }: Pick<MapPlace, "axis">): number {
  return along(axis, weightsBytes / bytesPerGib);
}

/** Pixels from the upper edge to so many tokens, between whose rows the logarithm counts; null beyond the rows. */
export function yOf(tokens: number, { rows }: Pick<MapPlace, "rows">): number | null {
  const [first] = rows;
  if (first === undefined) return null;
  const y = (Math.log2(tokens / first.contextTokens) + 0.5) * rowHeight;
  return y < 0 || y > rows.length * rowHeight ? null : y;
}
