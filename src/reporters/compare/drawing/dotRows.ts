/** Values in rows, a machine each, by group: a dot with its interval as a whisker, and the number beside it. */
import type { Axis, Mark, Scale, Spec } from "vega";
import { chart, plotWidth, type Margins } from "./chart.ts";
import { along, logAxis, logScale, ticksApart, type LogAxis } from "./logAxis.ts";
import { field, marksOf } from "./marks.ts";
import { namedRowData, namedRowMarks, namedRows, type Row, type RowKey } from "./namedRows.ts";
import { brokenInto, fitted, lineHeight, textWidth } from "./textRoom.ts";
import { seriesLook } from "./theme.ts";

export interface Dot extends RowKey {
  /** Null where there is none, and `note` says why. */
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
  /** The value as text. */
  readonly label: string;
  /** Predicted, not measured: hollow. */
  readonly predicted?: boolean;
  readonly note?: string;
}

/** One axis, side by side with others over the same rows. */
export interface DotPanel {
  readonly title: string;
  readonly dots: readonly Dot[];
  /** A value that the axis holds whatever the dots'. */
  readonly from?: number;
}

/** Pixels that machines' names may take, beside one panel and beside two; beside more as beside two. */
const mostNamesWidth = [0, 200, 160] as const;
const panelGap = 14;
const margins: Margins = { left: 4, right: 4, top: 2, bottom: 38 };

export const dotSaid = ({ group, series, value, label, note }: Dot): string =>
  `${group}, ${series}: ${value === null ? (note ?? "no data") : label}`;

/** @param series all of a comparison, so that each has its look in every picture */
export function dotRows(panels: readonly DotPanel[], series: readonly string[]): Spec {
  const all = plotWidth(margins);
  const dots = panels.flatMap((panel) => panel.dots);
  const named = namedRows(dots, { width: all, names: mostNamesWidth[panels.length] ?? 160 });
  const { rows, namesWidth, height } = named;
  const filled = new Set(
    dots.flatMap(({ value, group, series: own }) => (value === null ? [] : keyOf(group, own))),
  );
  const width = (all - namesWidth - panelGap * (panels.length - 1)) / panels.length;
  const drawn = panels.map((panel, i) =>
    panelOf(panel, i, {
      rows,
      filled,
      series,
      x: namesWidth + i * (width + panelGap),
      width,
      all,
    }),
  );
  const moreLines = Math.max(...drawn.map(({ title }) => title.length)) - 1;
  return chart(
    {
      height,
      data: [
        ...namedRowData(named, series),
        ...drawn.map(({ values }, i) => ({ name: `dots${i}`, values })),
      ],
      scales: drawn.map(({ scale }) => scale),
      axes: drawn.map(({ axis }) => axis),
      marks: [...namedRowMarks, ...panels.flatMap((_, i) => dotMarks(`dots${i}`))],
    },
    { ...margins, bottom: margins.bottom + moreLines * lineHeight },
  );
}

const keyOf = (group: string, series: string) => `${group}\n${series}`;

interface PanelPlace {
  readonly rows: readonly Row[];
  /** Keys of the rows that have a value in some panel. */
  readonly filled: ReadonlySet<string>;
  readonly series: readonly string[];
  /** Pixels from the picture's left edge to the panel's. */
  readonly x: number;
  readonly width: number;
  /** The width of all panels and names. */
  readonly all: number;
}

function panelOf({ title, dots, from }: DotPanel, at: number, place: PanelPlace) {
  const { rows, filled, x, width } = place;
  const valued = dots.filter(({ value }) => value !== null);
  // Room for the number right of the last dot.
  const room = Math.max(...valued.map(({ label }) => textWidth(label)), 0) + 12;
  const length = Math.max(40, width - room);
  const axis = logAxis(
    [
      ...(from === undefined ? [] : [from]),
      ...valued.flatMap(({ value, low, high }) => [
        value ?? 0,
        low ?? value ?? 0,
        high ?? value ?? 0,
      ]),
    ],
    length,
  );
  const values = dots.flatMap((dot) => {
    const row = rows.find(({ group, series }) => group === dot.group && series === dot.series);
    if (row === undefined) return [];
    const drawn = dotOf(dot, row, axis, place);
    if (filled.has(keyOf(dot.group, dot.series))) return [drawn];
    // Where no panel has a value, one note stands for all.
    return at === 0 ? [{ ...drawn, text: noteText(dot, place.all - x) }] : [];
  });
  const name = `x${at}`;
  const scale: Scale = logScale(name, axis, [x, x + length]);
  const titleLines = brokenInto(title, width);
  const described: Axis = {
    orient: "bottom",
    scale: name,
    title: titleLines.length > 1 ? titleLines : title,
    titleAnchor: "start",
    grid: true,
    domain: false,
    ...ticksApart(axis, 32),
  };
  return { values, scale, axis: described, title: titleLines };
}

function dotOf(dot: Dot, { y }: Row, axis: LogAxis, { series, x, width }: PanelPlace) {
  const { colour, shape } = seriesLook(series.indexOf(dot.series));
  const xOf = (value: number) =>
    x + Math.min(axis.length, Math.max(0, along(axis, Math.max(value, axis.low / 10))));
  const { value, low = null, high = null } = dot;
  const centre = value === null ? x : xOf(value);
  return {
    y,
    colour,
    shape,
    x: centre,
    low: low === null ? centre : xOf(low),
    high: high === null ? centre : xOf(high),
    text: value === null ? noteText(dot, width) : dot.label,
    textX: value === null ? x : (high === null ? centre : Math.max(xOf(high), centre)) + 8,
    textFill: value === null ? "var(--soft)" : "var(--text)",
    shown: value === null ? 0 : 1,
    fill: dot.predicted === true ? "var(--ground)" : colour,
    said: dotSaid(dot),
  };
}

/** Where all of it has no room, without the context that the bytes are of. */
function noteText({ note = "" }: Dot, width: number): string {
  return fitted(textWidth(note) > width ? note.replace(/ at \d+ tokens$/, "") : note, width);
}

function dotMarks(data: string): Mark[] {
  return [
    marksOf(data, "rule", {
      x: field("low"),
      x2: field("high"),
      y: field("y"),
      stroke: field("colour"),
      strokeWidth: 2,
      opacity: field("shown"),
    }),
    marksOf(data, "symbol", {
      x: field("x"),
      y: field("y"),
      size: 48,
      shape: field("shape"),
      fill: field("fill"),
      stroke: field("colour"),
      strokeWidth: 1.5,
      opacity: field("shown"),
      description: field("said"),
    }),
    marksOf(data, "text", {
      x: field("textX"),
      y: field("y"),
      baseline: "middle",
      text: field("text"),
      fill: field("textFill"),
    }),
  ];
}
