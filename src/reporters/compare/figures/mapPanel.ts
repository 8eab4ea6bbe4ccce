/** One map: a row for each context, cut where the winner, the certainty or the only holder changes. */
import type { Mark } from "vega";
import { tokensOf } from "../../../compare/answers/mixes.ts";
import type { Clock } from "../../../compare/sizes/clocks.ts";
import type { Stretch } from "../../../compare/sizes/stretches.ts";
import type { MapRow, WinnerMap } from "../../../compare/sizes/winnerMap.ts";
import type { Margins } from "../figure.ts";
import { fitted, textWidth } from "../textRoom.ts";
import { seriesLook } from "../theme.ts";
import { rangeText } from "../words/phrases.ts";
import { hatched } from "./hatch.ts";
import { along, logTicks, type LogAxis } from "./logAxis.ts";
import { pathMark } from "./mapShapes.ts";
import { outline, type OutlinedRow } from "./outline.ts";

/** A model that was measured, in the map's place for it. */
export interface MeasuredCell {
  readonly model: string;
  readonly weightsBytes: number;
  readonly contextTokens: number;
  /** Null where none surely won. */
  readonly winner: string | null;
}

export interface MapPanel {
  readonly map: WinnerMap;
  readonly measured: readonly MeasuredCell[];
}

export const bytesPerGib = 2 ** 30;
const rowHeight = 16;
const titleHeight = 18;
/** Without the legend above. */
export const mapMargins: Margins = { left: 40, right: 12, top: 0, bottom: 38 };

/** With its title; without the axis below. */
export function panelHeight({ map }: MapPanel): number {
  return titleHeight + map.rows.length * rowHeight;
}

export function clockTitle(clock: Clock): string {
  switch (clock.kind) {
    case "writing":
      return "Writing at that context";
    case "answer": {
      const { name, promptTokens, outputTokens } = clock.mix;
      const title = `${promptTokens} read, ${outputTokens} written`;
      return name === null ? title : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}: ${title}`;
    }
    default:
      return clock satisfies never;
  }
}

export function panelGroup(
  { map, measured }: MapPanel,
  series: readonly string[],
  axis: LogAxis,
  y: number,
  withTitle: boolean,
): Mark {
  const { rows, clock } = map;
  const height = rows.length * rowHeight;
  const width = axis.length;
  const boxes = rows.flatMap((row, i) =>
    row.stretches.map((stretch) => boxOf(stretch, row, i, axis, series)),
  );
  return {
    type: "group",
    encode: {
      enter: {
        x: { value: 0 },
        y: { value: y + titleHeight },
        width: { value: width },
        height: { value: height },
        stroke: { value: "var(--line)" },
      },
    },
    data: [
      { name: "boxes", values: boxes },
      {
        name: "contexts",
        values: rows.map(({ contextTokens }, i) => ({
          y: (i + 0.5) * rowHeight,
          text: tokensText(contextTokens),
        })),
      },
      { name: "measured", values: measured.map((cell) => measuredMark(cell, rows, axis, series)) },
      { name: "regions", values: regionLabels(rows, axis, series) },
    ],
    axes: [
      {
        orient: "bottom",
        scale: "x",
        ...logTicks(axis, 30),
        ...(withTitle ? { title: "weights, GiB" } : {}),
      },
    ],
    marks: [
      boxMarks,
      hatchMarks,
      pathMark(winnersOutline(rows, axis, series), "var(--ground)", 1),
      pathMark(holderOutline(rows, axis), "var(--ground)", 4),
      pathMark(holderOutline(rows, axis), "var(--text)", 2),
      ...mixRule(clock, rows, width),
      cellMarks,
      regionMarks,
      contextTexts,
      {
        type: "text",
        encode: {
          enter: {
            x: { value: -mapMargins.left + 2 },
            y: { value: -7 },
            text: { value: fitted(clockTitle(clock), width + mapMargins.left) },
            fontWeight: { value: 600 },
          },
        },
      },
    ],
  };
}

function boxOf(
  { from, to, winner, sure, onlyHolder }: Stretch,
  { contextTokens }: MapRow,
  row: number,
  axis: LogAxis,
  series: readonly string[],
) {
  const box = {
    x: along(axis, from / bytesPerGib),
    x2: along(axis, to / bytesPerGib),
    y: row * rowHeight,
    y2: (row + 1) * rowHeight,
  };
  const who = winner === null ? "none runs it" : sure ? winner : `probably ${winner}`;
  const sizes = rangeText({ low: from / bytesPerGib, high: to / bytesPerGib });
  return {
    ...box,
    fill: winner === null ? "var(--raised)" : seriesLook(series.indexOf(winner)).colour,
    opacity: winner === null ? 1 : sure ? 0.85 : 0.22,
    hatch: sure ? "" : hatched(box),
    // Rows that touch leave no seam.
    overlap: box.y2 + 0.4,
    said: `${sizes} GiB, ${contextTokens} tokens: ${who}${onlyHolder === null ? "" : `; only ${onlyHolder} holds it`}`,
  };
}

const boxMarks: Mark = {
  type: "rect",
  from: { data: "boxes" },
  encode: {
    enter: {
      x: { field: "x" },
      x2: { field: "x2" },
      y: { field: "y" },
      y2: { field: "overlap" },
      fill: { field: "fill" },
      fillOpacity: { field: "opacity" },
      description: { field: "said" },
    },
  },
};

const hatchMarks: Mark = {
  type: "path",
  from: { data: "boxes" },
  encode: {
    enter: {
      path: { field: "hatch" },
      stroke: { value: "var(--soft)" },
      strokeWidth: { value: 1 },
    },
  },
};

const contextTexts: Mark = {
  type: "text",
  from: { data: "contexts" },
  encode: {
    enter: {
      x: { value: -5 },
      y: { field: "y" },
      align: { value: "right" },
      baseline: { value: "middle" },
      text: { field: "text" },
      fill: { value: "var(--soft)" },
    },
  },
};

/** `512`, `8k`. */
function tokensText(tokens: number): string {
  return tokens < 1024 ? `${tokens}` : `${tokens / 1024}k`;
}

function rowsWhere(
  rows: readonly MapRow[],
  axis: LogAxis,
  isPart: (stretch: Stretch) => boolean,
): OutlinedRow[] {
  return rows.map(({ stretches }, i) => ({
    y: i * rowHeight,
    y2: (i + 1) * rowHeight,
    spans: stretches.filter(isPart).map(({ from, to }) => ({
      from: along(axis, from / bytesPerGib),
      to: along(axis, to / bytesPerGib),
    })),
  }));
}

/** The border at which the winner changes. */
function winnersOutline(rows: readonly MapRow[], axis: LogAxis, series: readonly string[]): string {
  return series
    .map((label) => outline(rowsWhere(rows, axis, ({ winner }) => winner === label)))
    .join("");
}

function holderOutline(rows: readonly MapRow[], axis: LogAxis): string {
  const holders = new Set(
    rows.flatMap(({ stretches }) => stretches.flatMap(({ onlyHolder }) => onlyHolder ?? [])),
  );
  return [...holders]
    .map((label) => outline(rowsWhere(rows, axis, ({ onlyHolder }) => onlyHolder === label)))
    .join("");
}

/** The very mix that was asked for, among those of its proportion. */
function mixRule(clock: Clock, rows: readonly MapRow[], width: number): Mark[] {
  if (clock.kind === "writing") return [];
  const y = rowOf(tokensOf(clock.mix), rows);
  if (y === null) return [];
  return [
    {
      type: "rule",
      encode: {
        enter: {
          x: { value: 0 },
          x2: { value: width },
          y: { value: y },
          stroke: { value: "var(--text)" },
          strokeWidth: { value: 1 },
          strokeDash: { value: [2, 3] },
          description: { value: `${tokensOf(clock.mix)} tokens: the mix itself` },
        },
      },
    },
  ];
}

/** Where so many tokens lie among the rows, in pixels; null beyond them. */
function rowOf(tokens: number, rows: readonly MapRow[]): number | null {
  const [first] = rows;
  if (first === undefined) return null;
  const at = (Math.log2(tokens / first.contextTokens) + 0.5) * rowHeight;
  return at < 0 || at > rows.length * rowHeight ? null : at;
}

function measuredMark(
  { model, weightsBytes, contextTokens, winner }: MeasuredCell,
  rows: readonly MapRow[],
  axis: LogAxis,
  series: readonly string[],
) {
  const first = rows[0]?.contextTokens ?? contextTokens;
  const last = rows.at(-1)?.contextTokens ?? contextTokens;
  const y = rowOf(Math.min(Math.max(contextTokens, first), last), rows);
  return {
    x: along(axis, weightsBytes / bytesPerGib),
    y,
    shape: winner === null ? "circle" : seriesLook(series.indexOf(winner)).shape,
    fill: winner === null ? "var(--ground)" : "var(--text)",
    said: `measured, ${model} with ${contextTokens} tokens: ${winner ?? "neither surely"}`,
  };
}

const cellMarks: Mark = {
  type: "symbol",
  from: { data: "measured" },
  encode: {
    enter: {
      x: { field: "x" },
      y: { field: "y" },
      size: { value: 70 },
      shape: { field: "shape" },
      fill: { field: "fill" },
      stroke: { value: "var(--ground)" },
      strokeWidth: { value: 1.5 },
      description: { field: "said" },
    },
  },
};

/** A winner's name where it has the room, in the row that is nearest to the middle of its area. */
function regionLabels(rows: readonly MapRow[], axis: LogAxis, series: readonly string[]) {
  return series.flatMap((label) => {
    const text = label;
    const width = textWidth(text) + 12;
    const wide = rowsWhere(rows, axis, ({ winner, sure }) => sure && winner === label).flatMap(
      ({ y, spans }) =>
        spans
          .filter(({ from, to }) => to - from >= width)
          .map(({ from, to }) => ({ y: y + rowHeight / 2, x: (from + to) / 2, room: to - from })),
    );
    const middle = wide[Math.floor(wide.length / 2)];
    return middle === undefined ? [] : [{ text, x: middle.x, y: middle.y }];
  });
}

const regionMarks: Mark = {
  type: "text",
  from: { data: "regions" },
  encode: {
    enter: {
      x: { field: "x" },
      y: { field: "y" },
      align: { value: "center" },
      baseline: { value: "middle" },
      text: { field: "text" },
      fontWeight: { value: 600 },
    },
  },
};
