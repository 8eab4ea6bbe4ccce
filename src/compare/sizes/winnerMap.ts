/** Who wins over all sizes and contexts, by prediction: models of one family, timed by one clock. */
import type { FamilyName } from "../../predict/families/families.ts";
import { workOf, type Clock } from "./clocks.ts";
import type { Runners } from "./runners.ts";
import type { SizeGrid } from "./sizeGrid.ts";
import { stretchesOf, type Stretch } from "./stretches.ts";

export interface WinnerMap {
  readonly family: FamilyName;
  readonly clock: Clock;
  /** Shortest context first. */
  readonly rows: readonly MapRow[];
}

export interface MapRow {
  readonly contextTokens: number;
  readonly stretches: readonly Stretch[];
}

/** Tokens of context from a short question to what most models are trained for; each twice the one before. */
const mapContexts: readonly number[] = Array.from({ length: 9 }, (_, i) => 512 * 2 ** i);

export function winnerMap(
  runners: Runners,
  sizes: SizeGrid,
  { family, clock }: Pick<WinnerMap, "family" | "clock">,
  contexts: readonly number[] = mapContexts,
): WinnerMap {
  const rows = contexts.map((contextTokens) => {
    const work = workOf(clock, contextTokens);
    return {
      contextTokens,
      stretches: stretchesOf(runners, sizes, { family, contextTokens, work }),
    };
  });
  return { family, clock, rows };
}

/** Share of the map's area, on logarithms of sizes, where it isn't sure who is faster. */
export function unsureShare({ rows }: WinnerMap): number {
  const all = rows.flatMap(({ stretches }) => stretches);
  const unsure = all.filter(({ sure }) => !sure);
  return widthOf(unsure) / widthOf(all);
}

function widthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + Math.log(to / from), 0);
}
