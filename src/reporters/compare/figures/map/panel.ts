/** One map: a row for each context, cut where the winner, the certainty or the only holder changes. */
import type { GroupMark, Mark } from "vega";
import { tokensOf } from "../../../../compare/answers/mixes.ts";
import type { Clock } from "../../../../compare/sizes/clocks.ts";
import type { WinnerMap } from "../../../../compare/sizes/winnerMap.ts";
import { logTicks, type LogAxis } from "../../drawing/logAxis.ts";
import { field, mark, marksOf } from "../../drawing/marks.ts";
import { fitted } from "../../drawing/textRoom.ts";
import { seriesLook } from "../../drawing/theme.ts";
import { areaData, areaMarks, areaNames } from "./areas.ts";
import type { MeasuredCell } from "./measuredCells.ts";
import { mapMargins, rowHeight, xOf, yOf, type MapPlace } from "./place.ts";
import { clockTitle, measuredText } from "./words.ts";

export interface MapPanel {
  readonly map: WinnerMap;
  readonly measured: readonly MeasuredCell[];
}

const titleHeight = 18;

/** Pixels that a panel takes with its title, without the axis below. */
export function panelHeight({ map }: MapPanel): number {
  return titleHeight + map.rows.length * rowHeight;
}

/** What all panels of a picture share. */
export interface PanelsShared {
  readonly series: readonly string[];
  /** The axis of sizes, in GiB of weights. */
  readonly axis: LogAxis;
}

/** @param last whether it stands below all others, so that the axis' title stands below it */
export function panelGroup(
  { map, measured }: MapPanel,
  { series, axis }: PanelsShared,
  y: number,
  last: boolean,
): GroupMark {
  const { rows, clock } = map;
  const place: MapPlace = { rows, axis, series };
  return {
    type: "group",
    encode: {
      enter: {
        x: { value: 0 },
        y: { value: y + titleHeight },
        width: { value: axis.length },
        height: { value: rows.length * rowHeight },
        stroke: { value: "var(--line)" },
      },
    },
    data: [
      ...areaData(place),
      {
        name: "contexts",
        values: rows.map(({ contextTokens }, at) => ({
          y: (at + 0.5) * rowHeight,
          text: tokensText(contextTokens),
        })),
      },
      { name: "measured", values: measured.map((cell) => cellOf(cell, place)) },
    ],
    axes: [
      {
        orient: "bottom",
        scale: "x",
        ...logTicks(axis, 30),
        ...(last ? { title: "weights, GiB" } : {}),
      },
    ],
    marks: [
      ...areaMarks(place),
      ...mixRule(clock, place),
      cells,
      areaNames,
      contexts,
      mark("text", {
        x: -mapMargins.left + 2,
        y: -7,
        text: fitted(clockTitle(clock), axis.length + mapMargins.left),
        fontWeight: 600,
      }),
    ],
  };
}

const contexts = marksOf("contexts", "text", {
  x: -5,
  y: field("y"),
  align: "right",
  baseline: "middle",
  text: field("text"),
  fill: "var(--soft)",
});

/** `512`, `8k`. */
function tokensText(tokens: number): string {
  return tokens < 1024 ? `${tokens}` : `${tokens / 1024}k`;
}

/** The very mix that was asked for, among those of its proportion. */
function mixRule(clock: Clock, place: MapPlace): Mark[] {
  if (clock.kind === "writing") return [];
  const tokens = tokensOf(clock.mix);
  const y = yOf(tokens, place);
  if (y === null) return [];
  return [
    mark("rule", {
      x: 0,
      x2: place.axis.length,
      y,
      stroke: "var(--text)",
      strokeWidth: 1,
      strokeDash: [2, 3],
      description: `${tokens} tokens: the mix itself`,
    }),
  ];
}

/** The sign of a measured model; one whose context lies beyond the rows stands at their edge. */
function cellOf(cell: MeasuredCell, place: MapPlace) {
  const { weightsBytes, contextTokens, winner } = cell;
  const { rows, series } = place;
  const first = rows[0]?.contextTokens ?? contextTokens;
  const last = rows.at(-1)?.contextTokens ?? contextTokens;
  return {
    x: xOf(weightsBytes, place),
    y: yOf(Math.min(Math.max(contextTokens, first), last), place),
    shape: winner === null ? "circle" : seriesLook(series.indexOf(winner)).shape,
    fill: winner === null ? "var(--ground)" : "var(--text)",
    said: measuredText(cell, series.length),
  };
}

const cells = marksOf("measured", "symbol", {
  x: field("x"),
  y: field("y"),
  size: 70,
  shape: field("shape"),
  fill: field("fill"),
  stroke: "var(--ground)",
  strokeWidth: 1.5,
  description: field("said"),
});
