/** Values in rows, a machine each, by group: a dot with its interval as a whisker, and the number beside it. */
import type { Axis, Mark, Scale, Spec } from "vega";
import { along, logAxis, logScale, logTicks, type LogAxis } from "./figures/logAxis.ts";
import { chart, plotWidth, type Margins } from "./figure.ts";
import { fitted, lineHeight, textWidth } from "./textRoom.ts";
import { seriesLook } from "./theme.ts";

export interface Dot {
  readonly group: string;
  readonly series: string;
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

const groupHeight = 19;
const groupGap = 8;
/** Of machines' names, beside one panel or two. */
const mostLabelWidth = [0, 200, 160] as const;
const panelGap = 14;
/** How much wider bold letters are. */
const boldness = 1.12;
const margins: Margins = { left: 4, right: 4, top: 2, bottom: 38 };

export const dotSaid = ({ group, series, value, label, note }: Dot): string =>
  `${group}, ${series}: ${value === null ? (note ?? "no data") : label}`;

/** @param series all of a comparison, so that each has its look in every picture */
export function dotRows(panels: readonly DotPanel[], series: readonly string[]): Spec {
  const { rows, titles, height } = layOut(panels);
  const labelWidth = Math.min(
    mostLabelWidth[panels.length] ?? 160,
    Math.max(...rows.map((row) => textWidth(row.series) + 18), 40),
  );
  const all = plotWidth(margins);
  const width = (all - labelWidth - panelGap * (panels.length - 1)) / panels.length;
  const drawn = panels.map((panel, i) =>
    panelOf(panel, i, { rows, series, x: labelWidth + i * (width + panelGap), width, all }),
  );
  return chart(
    {
      height,
      data: [
        { name: "rows", values: rows.map((row) => rowMark(row, series, labelWidth)) },
        {
          name: "titles",
          values: titles.map(({ y, text }) => ({
            y,
            text: fitted(text, all / boldness),
            full: text,
          })),
        },
        ...drawn.map(({ values }, i) => ({ name: `dots${i}`, values })),
      ],
      scales: drawn.map(({ scale }) => scale),
      axes: drawn.map(({ axis }) => axis),
      marks: [rowGlyphs, rowTexts, titleTexts, ...panels.flatMap((_, i) => dotMarks(`dots${i}`))],
    },
    margins,
  );
}

interface Row {
  readonly group: string;
  readonly series: string;
  readonly y: number;
  /** In all panels. */
  readonly empty: boolean;
}

function layOut(panels: readonly DotPanel[]) {
  const rows: Row[] = [];
  const titles: { readonly y: number; readonly text: string }[] = [];
  const places = new Map<string, Set<string>>();
  for (const { group, series } of panels.flatMap(({ dots }) => dots)) {
    const known = places.get(group) ?? new Set();
    known.add(series);
    places.set(group, known);
  }
  let y = 0;
  for (const [group, machines] of places) {
    titles.push({ y: y + groupHeight / 2, text: group });
    y += groupHeight;
    for (const series of machines) {
      const own = panels.flatMap(({ dots }) =>
        dots.filter((dot) => dot.group === group && dot.series === series),
      );
      const empty = own.every(({ value }) => value === null);
      rows.push({ group, series, y: y + lineHeight / 2, empty });
      y += lineHeight;
    }
    y += groupGap;
  }
  return { rows, titles, height: Math.max(y, groupHeight) };
}

function rowMark({ series, y }: Row, all: readonly string[], labelWidth: number) {
  const { colour, shape } = seriesLook(all.indexOf(series));
  return { y, colour, shape, text: fitted(series, labelWidth - 18), full: series };
}

interface PanelPlace {
  readonly rows: readonly Row[];
  readonly series: readonly string[];
  readonly x: number;
  readonly width: number;
  /** Of all panels. */
  readonly all: number;
}

function panelOf({ title, dots, from }: DotPanel, at: number, place: PanelPlace) {
  const { rows, series, x, width } = place;
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
    const row = rows.find(({ group, series: own }) => group === dot.group && own === dot.series);
    if (row === undefined) return [];
    const mark = dotMark(dot, row, series, axis, x, width);
    if (!row.empty || dot.value !== null) return [mark];
    // Where no panel has a value, one note stands for all.
    return at === 0 ? [{ ...mark, text: noteText(dot, place.all - x) }] : [];
  });
  const name = `x${at}`;
  const scale: Scale = logScale(name, axis, [x, x + length]);
  const described: Axis = {
    orient: "bottom",
    scale: name,
    title,
    titleAnchor: "start",
    grid: true,
    domain: false,
    ...logTicks(axis, 32),
  };
  return { values, scale, axis: described };
}

function dotMark(
  dot: Dot,
  { y }: Row,
  series: readonly string[],
  axis: LogAxis,
  x: number,
  width: number,
) {
  const { colour, shape } = seriesLook(series.indexOf(dot.series));
  const place = (value: number) =>
    x + Math.min(axis.length, Math.max(0, along(axis, Math.max(value, axis.low / 10))));
  const { value, low = null, high = null } = dot;
  const centre = value === null ? x : place(value);
  return {
    y,
    colour,
    shape,
    x: centre,
    low: low === null ? centre : place(low),
    high: high === null ? centre : place(high),
    text: value === null ? noteText(dot, width) : dot.label,
    textX: value === null ? x : (high === null ? centre : Math.max(place(high), centre)) + 8,
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

const rowGlyphs: Mark = {
  type: "symbol",
  from: { data: "rows" },
  encode: {
    enter: {
      x: { value: 8 },
      y: { field: "y" },
      size: { value: 40 },
      shape: { field: "shape" },
      fill: { field: "colour" },
    },
  },
};

const rowTexts: Mark = {
  type: "text",
  from: { data: "rows" },
  encode: {
    enter: {
      x: { value: 16 },
      y: { field: "y" },
      baseline: { value: "middle" },
      text: { field: "text" },
      description: { field: "full" },
    },
  },
};

const titleTexts: Mark = {
  type: "text",
  from: { data: "titles" },
  encode: {
    enter: {
      x: { value: 0 },
      y: { field: "y" },
      baseline: { value: "middle" },
      text: { field: "text" },
      fontWeight: { value: 600 },
      description: { field: "full" },
    },
  },
};

function dotMarks(data: string): Mark[] {
  return [
    {
      type: "rule",
      from: { data },
      encode: {
        enter: {
          x: { field: "low" },
          x2: { field: "high" },
          y: { field: "y" },
          stroke: { field: "colour" },
          strokeWidth: { value: 2 },
          opacity: { field: "shown" },
        },
      },
    },
    {
      type: "symbol",
      from: { data },
      encode: {
        enter: {
          x: { field: "x" },
          y: { field: "y" },
          size: { value: 48 },
          shape: { field: "shape" },
          fill: { field: "fill" },
          stroke: { field: "colour" },
          strokeWidth: { value: 1.5 },
          opacity: { field: "shown" },
          description: { field: "said" },
        },
      },
    },
    {
      type: "text",
      from: { data },
      encode: {
        enter: {
          x: { field: "textX" },
          y: { field: "y" },
          baseline: { value: "middle" },
          text: { field: "text" },
          fill: { field: "textFill" },
        },
      },
    },
  ];
}
