/** Who wins at which size and context: coloured where that is sure, hatched where it isn't, outlined where only one holds it. */
import type { Spec } from "vega";
import type { MapRow } from "../../../../compare/sizes/winnerMap.ts";
import { usualBitsPerWeight, type FamilyName } from "../../../../predict/families/families.ts";
import { chart, plotWidth, type Figure } from "../../drawing/chart.ts";
import { logScale, type LogAxis } from "../../drawing/logAxis.ts";
import { bytesPerGib } from "../../words/phrases.ts";
import { legendHeight, legendMarks, legendOf } from "./legend.ts";
import { panelGroup, panelHeight, type MapPanel } from "./panel.ts";
import { mapMargins } from "./place.ts";
import { clockTitle, measuredText, sizesText } from "./words.ts";

/** Below a panel, for the numbers of its axis. */
const panelGap = 34;

export interface MapPicture {
  readonly family: FamilyName;
  readonly panels: readonly MapPanel[];
  /** Labels of all machines of the comparison. */
  readonly series: readonly string[];
}

const familyWords = {
  dense: "dense models",
  mixture: "mixtures that read a tenth of their weights for a token",
} as const satisfies Record<FamilyName, string>;

export function mapFigure({ family, panels, series }: MapPicture): Figure {
  return {
    id: `map-${family}`,
    title: `Predicted winner by size and tokens of context: ${familyWords[family]}, at ${usualBitsPerWeight} bits per weight`,
    spec: specOf(panels, series),
    facts: panels.flatMap((panel) => factsOf(panel, series.length)),
  };
}

/** Who wins up to which size, at the shortest context, in the middle, and at the longest. */
function factsOf({ map: { clock, rows }, measured }: MapPanel, machines: number): string[] {
  const title = clockTitle(clock);
  const told = [...new Set([rows[0], rows[Math.floor(rows.length / 2)], rows.at(-1)])];
  return [
    ...told.flatMap((row) => (row === undefined ? [] : [`${title}; ${rowFact(row)}`])),
    ...measured.map((cell) => `${title}; ${measuredText(cell, machines)}`),
  ];
}

function rowFact({ contextTokens, stretches }: MapRow): string {
  const parts = stretches.map((stretch) => {
    const { winner, sure, onlyHolder } = stretch;
    const sizes = sizesText(stretch);
    if (winner === null) return `${sizes}: none runs it`;
    const who = sure ? winner : `probably ${winner}`;
    return `${sizes}: ${who}${onlyHolder === null ? "" : ` (only ${onlyHolder} holds it)`}`;
  });
  return `${contextTokens} tokens: ${parts.join(", ")}`;
}

function specOf(panels: readonly MapPanel[], series: readonly string[]): Spec {
  const stretches = panels.flatMap(({ map }) => map.rows.flatMap((row) => row.stretches));
  const axis: LogAxis = {
    low: Math.min(...stretches.map(({ from }) => from)) / bytesPerGib,
    high: Math.max(...stretches.map(({ to }) => to)) / bytesPerGib,
    length: plotWidth(mapMargins),
  };
  const keys = legendOf(panels, series);
  const top = legendHeight(keys);
  const step = Math.max(...panels.map(panelHeight)) + panelGap;
  return chart(
    {
      height: panels.length * step - panelGap,
      scales: [logScale("x", axis, "width")],
      marks: [
        ...legendMarks(keys, top),
        ...panels.map((panel, at) =>
          panelGroup(panel, { series, axis }, at * step, at === panels.length - 1),
        ),
      ],
    },
    { ...mapMargins, top },
  );
}
