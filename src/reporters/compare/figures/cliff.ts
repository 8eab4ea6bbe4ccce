/** The cliff: speed over what a model needs, up to the wall of each machine's memory and behind it. */
import type { Mark, Spec } from "vega";
import { groupBy } from "../../../base/groupBy.ts";
import type { Cliff, CliffLine, CliffPoint, Place } from "../../../compare/sizes/cliff.ts";
import type { Wall } from "../../../compare/sizes/walls.ts";
import { chart, plotWidth, type Figure, type Margins } from "../figure.ts";
import { fitted, lineHeight, rowsFor, spread, textWidth } from "../textRoom.ts";
import { seriesLook, type SeriesLook } from "../theme.ts";
import { gib, threeDigits } from "../words/phrases.ts";
import { hatched } from "./hatch.ts";
import { along, logAxis, logScale, logTicks, type LogAxis } from "./logAxis.ts";

/** One model on one machine. */
export interface MeasuredPoint {
  readonly series: string;
  /** `llama-3-8b q4_k_m`. */
  readonly model: string;
  /** Weights and KV cache. */
  readonly neededBytes: number;
  /** In the unit of the picture. */
  readonly value: number;
  readonly onGpu: boolean;
  readonly mixture: boolean;
}

export interface CliffPicture {
  readonly id: string;
  readonly title: string;
  /** Null where nothing is predicted of any of them. */
  readonly cliff: Cliff | null;
  readonly points: readonly MeasuredPoint[];
  readonly walls: readonly Wall[];
  readonly series: readonly string[];
  /** Of a predicted time. */
  readonly valueOf: (seconds: number) => number;
  readonly unit: string;
  readonly yTitle: string;
  /** Whether more is better: better is up, always. */
  readonly better: "higher" | "lower";
}

const bytesPerGib = 2 ** 30;
const plotHeight = 230;
/** Of machines' names, left of their lines. */
const mostLabelWidth = 160;
/** A machine's sign before its name, and the way from there to its line. */
const [signWidth, leaderWidth] = [14, 14];
const mostNameRows = 3;
/** Below the axis: what stands at each wall, and where the winner flips. */
const mostRailRows = 4;
const railTop = 24;

/** The sides of the plot; above and below it there is room for as many rows of words as there are. */
const sides = { left: 54, right: 12 } as const;
const innerWidth = plotWidth({ ...sides, top: 0, bottom: 0 });

function marginsFor(nameRows: number, railRows: number): Margins {
  return {
    ...sides,
    top: 8 + nameRows * lineHeight,
    bottom: railTop + railRows * lineHeight + 20,
  };
}

/** A line, or two sizes that were measured. */
export function isDrawable({ cliff, points }: CliffPicture): boolean {
  return cliff !== null || new Set(points.map(({ neededBytes }) => neededBytes)).size > 1;
}

export function cliffFigure(picture: CliffPicture): Figure {
  return {
    id: picture.id,
    title: picture.title,
    facts: factsOf(picture),
    spec: specOf(picture),
  };
}

function factsOf({ points, cliff, walls, unit, valueOf }: CliffPicture): string[] {
  return [
    ...points.map((point) => saidOf(point, unit)),
    ...walls.map(
      ({ label, bytes, raised }) =>
        `${label}: its GPU holds ${gib(bytes)}${raised ? " if Metal's limit is raised" : ""}`,
    ),
    ...(cliff?.lines ?? []).flatMap((line) => lineFacts(line, (value) => valueText(value, unit), valueOf)),
    ...(cliff?.flips ?? []).map(
      ({ before, after, from, to }) =>
        `predicted: from ${after} being slower than ${before} to being faster between ${gib(from)} and ${gib(to)}`,
    ),
  ];
}

function valueText(value: number, unit: string): string {
  return `${threeDigits(value)} ${unit}`;
}

function saidOf({ model, series, neededBytes, value, onGpu }: MeasuredPoint, unit: string): string {
  const place = onGpu ? "" : ", with layers on the CPU";
  return `${model} (${gib(neededBytes)}), ${series}: ${valueText(value, unit)}${place}`;
}

const placeWords = {
  held: "on its GPU",
  raised: "on its GPU at a raised limit",
  offloaded: "with layers on the CPU",
} as const satisfies Record<Place, string>;

function lineFacts(
  { label, points }: CliffLine,
  text: (value: number) => string,
  valueOf: (seconds: number) => number,
): string[] {
  return (Object.keys(placeWords) as Place[]).flatMap((place) => {
    const [first, last] = [points[place][0], points[place].at(-1)];
    if (first === undefined || last === undefined) return [];
    const end = ({ neededBytes, seconds }: CliffPoint) =>
      `${text(valueOf(seconds.centre))} at ${gib(neededBytes)}`;
    return [`${label}, predicted ${placeWords[place]}: ${end(first)} to ${end(last)}`];
  });
}

function specOf(picture: CliffPicture): Spec {
  const { cliff, points, walls, series, valueOf, better } = picture;
  const lines = (cliff?.lines ?? []).flatMap((line) => pathsOf(line, series, valueOf));
  const labelled = series.filter(
    (label) => lines.some((one) => one.series === label) || points.some((one) => one.series === label),
  );
  const labelWidth = Math.min(
    mostLabelWidth,
    Math.max(...labelled.map((label) => textWidth(label) + signWidth + leaderWidth), 0),
  );
  const xAxis = logAxis(
    [
      ...points.map(({ neededBytes }) => neededBytes / bytesPerGib),
      ...walls.map(({ bytes }) => bytes / bytesPerGib),
      ...lines.flatMap(({ path }) => path.map(({ x }) => x)),
    ],
    innerWidth - labelWidth,
  );
  const yAxis = logAxis(
    [...points.map(({ value }) => value), ...lines.flatMap(({ path }) => path.map(({ y }) => y))],
    plotHeight,
  );
  const xOf = (gibs: number) => labelWidth + along(xAxis, gibs);
  const yOf = (value: number) =>
    better === "higher" ? plotHeight - along(yAxis, value) : along(yAxis, value);
  const ends = labelled.map((label) => leftEnd(label, lines, points));
  const places = spread(
    ends.map(({ y }) => yOf(y)),
    lineHeight,
    plotHeight - 6,
  );
  const labels = labelled.map((label, i) => {
    const look = seriesLook(series.indexOf(label));
    const { x, y } = ends[i] ?? { x: xAxis.low, y: yAxis.low };
    return {
      ...look,
      text: fitted(label, labelWidth - signWidth - leaderWidth),
      full: label,
      y: Math.max(6, places[i] ?? 0),
      endX: signWidth + textWidth(fitted(label, labelWidth - signWidth - leaderWidth)),
      startX: xOf(x),
      startY: yOf(y),
    };
  });
  const names = namesOf(picture, xOf);
  const rail = railOf(picture, xOf);
  const railRows = Math.max(0, ...rail.map(({ row }) => row + 1));
  return chart(
    {
      height: plotHeight,
      data: [
        { name: "lines", values: lines.flatMap(({ path, ...line }, at) => path.map((point) => ({ ...line, ...point, line: at }))) },
        { name: "points", values: points.map((point) => pointOf(point, picture)) },
        { name: "rail", values: rail },
        {
          name: "walls",
          values: walls.map((wall) => ({
            x: xOf(wall.bytes / bytesPerGib),
            colour: seriesLook(series.indexOf(wall.label)).colour,
            dash: wall.raised ? [2, 3] : [],
            said: `${wall.label}: ${wallText(wall.bytes, wall.raised)}`,
          })),
        },
        { name: "labels", values: labels },
        { name: "names", values: names },
        {
          name: "flips",
          values: (cliff?.flips ?? []).map((flip) => flipOf(flip, xOf)),
        },
      ],
      scales: [
        logScale("x", xAxis, [labelWidth, innerWidth]),
        logScale("y", yAxis, better === "higher" ? [plotHeight, 0] : [0, plotHeight]),
      ],
      axes: [
        { orient: "bottom", scale: "x", title: "weights and KV cache, GiB", titleY: railTop + railRows * lineHeight + 2, ...logTicks(xAxis, 30) },
        { orient: "left", scale: "y", title: picture.yTitle, grid: true, titleX: -40, ...logTicks(yAxis, 18) },
      ],
      marks: [flipMark, flipHatch, wallMark, nameRules, leaders, lineMarks, symbols, ...labelMarks, nameTexts, ...railMarks],
    },
    marginsFor(Math.max(0, ...names.map(({ row }) => row + 1)), railRows),
  );
}

interface PathPoint {
  /** GiB. */
  readonly x: number;
  readonly y: number;
}

interface Path {
  readonly series: string;
  readonly place: Place;
  readonly path: readonly PathPoint[];
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
  readonly said: string;
}

const widths = { held: 2.4, raised: 1.2, offloaded: 1.2 } as const satisfies Record<Place, number>;

/** What is held, thick; thin what it becomes behind the wall, joined to it by the fall. */
function pathsOf(
  { label, points }: CliffLine,
  series: readonly string[],
  valueOf: (seconds: number) => number,
): Path[] {
  const { colour, dash } = seriesLook(series.indexOf(label));
  return (Object.keys(widths) as Place[]).flatMap((place) => {
    const own = points[place];
    const last = points.held.at(-1);
    const all = place === "held" || last === undefined || own.length === 0 ? own : [last, ...own];
    if (all.length === 0) return [];
    const path = all.map(({ neededBytes, seconds }) => ({
      x: neededBytes / bytesPerGib,
      y: valueOf(seconds.centre),
    }));
    const said = `${label}, predicted ${placeWords[place]}`;
    return [{ series: label, place, path, colour, dash, width: widths[place], said }];
  });
}

/** Where a machine's line begins; without one, its first point. */
function leftEnd(
  label: string,
  lines: readonly Path[],
  points: readonly MeasuredPoint[],
): PathPoint {
  const ends = [
    ...lines.filter(({ series }) => series === label).flatMap(({ path }) => path.slice(0, 1)),
    ...points
      .filter(({ series }) => series === label)
      .map(({ neededBytes, value }) => ({ x: neededBytes / bytesPerGib, y: value })),
  ];
  return ends.reduce((a, b) => (b.x < a.x ? b : a));
}

function pointOf(point: MeasuredPoint, { series, unit }: CliffPicture) {
  const { colour, shape } = seriesLook(series.indexOf(point.series));
  return {
    x: point.neededBytes / bytesPerGib,
    y: point.value,
    colour,
    shape,
    filled: point.onGpu ? 1 : 0,
    ring: point.mixture,
    said: saidOf(point, unit),
  };
}

interface RailItem {
  readonly x: number;
  readonly text: string;
  /** Of the machines whose wall it is. */
  readonly signs: readonly SeriesLook[];
  readonly said: string;
}

/** Below the axis each wall's size with its machines' signs, and where the winner flips; what has no room is told on hovering. */
function railOf({ walls, series, cliff }: CliffPicture, xOf: (gibs: number) => number) {
  const wallItems = (raised: boolean) =>
    [...groupBy(walls.filter((wall) => wall.raised === raised), ({ bytes }) => wallText(bytes, raised))].map(
      ([text, own]): RailItem => ({
        x: xOf((own[0]?.bytes ?? 0) / bytesPerGib),
        text,
        signs: own.map(({ label }) => seriesLook(series.indexOf(label))),
        said: own.map(({ label }) => `${label}: ${text}`).join(", "),
      }),
    );
  const flips = (cliff?.flips ?? []).map((flip): RailItem => {
    const { x, x2, said } = flipOf(flip, xOf);
    return { x: (x + x2) / 2, text: "flips", signs: [], said };
  });
  const items = [...wallItems(false), ...flips, ...wallItems(true)];
  const spans = items.map(({ x, text, signs }) => {
    const width = textWidth(text) + signs.length * signWidth + 6;
    const most = innerWidth + sides.right - width;
    const from = Math.min(Math.max(x - width / 2, -sides.left), most);
    return { from, to: from + width };
  });
  const rows = rowsFor(spans, mostRailRows);
  return items.flatMap(({ text, signs, said }, i) => {
    const [row = null, from = 0] = [rows[i], spans[i]?.from];
    if (row === null) return [];
    const y = plotHeight + railTop + row * lineHeight + 6;
    return [
      ...signs.map((sign, at) => ({ ...sign, x: from + 7 + at * signWidth, y, row, text: "", said, shown: 1 })),
      { shape: "circle", colour: "", x: from + signs.length * signWidth + 2, y, row, text, said, shown: 0 },
    ];
  });
}

function wallText(bytes: number, raised: boolean): string {
  const size = gib(bytes).replace(".0 ", " ");
  return raised ? `${size} if raised` : size;
}

function flipOf(
  { before, after, from, to }: Cliff["flips"][number],
  xOf: (gibs: number) => number,
) {
  const [x, x2] = [xOf(from / bytesPerGib), xOf(to / bytesPerGib)];
  return {
    x,
    x2: Math.max(x2, x + 2),
    path: hatched({ x, x2: Math.max(x2, x + 2), y: 0, y2: plotHeight }),
    said: `the winner flips from ${before} to ${after} between ${gib(from)} and ${gib(to)}`,
  };
}

/** Models by name above the plot, the largest first where room is short, each over its points. */
function namesOf({ points, better }: CliffPicture, xOf: (gibs: number) => number) {
  const byModel = new Map<string, MeasuredPoint[]>();
  for (const point of points)
    byModel.set(point.model, [...(byModel.get(point.model) ?? []), point]);
  const all = [...byModel].map(([model, own]) => {
    const x = xOf(Math.max(...own.map(({ neededBytes }) => neededBytes)) / bytesPerGib);
    const values = own.map(({ value }) => value);
    const text = fitted(model, 190);
    const width = textWidth(text);
    const from = Math.min(Math.max(x - width / 2, -sides.left + 2), innerWidth + sides.right - width - 2);
    return { text, x, from, to: from + width + 6, value: better === "higher" ? Math.min(...values) : Math.max(...values), full: model };
  });
  const ordered = all.toSorted((a, b) => b.x - a.x);
  const rows = rowsFor(ordered, mostNameRows);
  return ordered.flatMap((name, i) => {
    const row = rows[i] ?? null;
    return row === null ? [] : [{ ...name, row, y: -8 - row * lineHeight }];
  });
}

const flipMark: Mark = {
  type: "rect",
  from: { data: "flips" },
  encode: {
    enter: {
      x: { field: "x" },
      x2: { field: "x2" },
      y: { value: 0 },
      y2: { value: plotHeight },
      fill: { value: "var(--raised)" },
      description: { field: "said" },
    },
  },
};

const flipHatch: Mark = {
  type: "path",
  from: { data: "flips" },
  encode: {
    enter: { path: { field: "path" }, stroke: { value: "var(--line)" }, strokeWidth: { value: 1 } },
  },
};

const wallMark: Mark = {
  type: "rule",
  from: { data: "walls" },
  encode: {
    enter: {
      x: { field: "x" },
      y: { value: 0 },
      y2: { value: plotHeight },
      stroke: { field: "colour" },
      strokeWidth: { value: 1.2 },
      strokeDash: { field: "dash" },
      description: { field: "said" },
    },
  },
};

const railMarks: Mark[] = [
  {
    type: "symbol",
    from: { data: "rail" },
    encode: {
      enter: {
        x: { field: "x" },
        y: { field: "y" },
        size: { value: 40 },
        shape: { field: "shape" },
        fill: { field: "colour" },
        opacity: { field: "shown" },
      },
    },
  },
  {
    type: "text",
    from: { data: "rail" },
    encode: {
      enter: {
        x: { field: "x" },
        y: { field: "y" },
        baseline: { value: "middle" },
        text: { field: "text" },
      },
    },
  },
];

const nameRules: Mark = {
  type: "rule",
  from: { data: "names" },
  encode: {
    enter: {
      x: { field: "x" },
      y: { field: "y", offset: 6 },
      y2: { scale: "y", field: "value" },
      stroke: { value: "var(--line)" },
      strokeWidth: { value: 1 },
    },
  },
};

const nameTexts: Mark = {
  type: "text",
  from: { data: "names" },
  encode: {
    enter: {
      x: { field: "from" },
      y: { field: "y" },
      baseline: { value: "middle" },
      text: { field: "text" },
      description: { field: "full" },
    },
  },
};

/** From a machine's name to where its line begins. */
const leaders: Mark = {
  type: "path",
  from: { data: "labels" },
  encode: {
    enter: {
      path: {
        signal:
          "'M' + (datum.endX + 3) + ',' + datum.y + 'L' + (datum.startX - 2) + ',' + datum.startY",
      },
      stroke: { field: "colour" },
      strokeWidth: { value: 1 },
    },
  },
};

const lineMarks: Mark = {
  type: "group",
  from: { facet: { name: "path", data: "lines", groupby: "line" } },
  marks: [
    {
      type: "line",
      from: { data: "path" },
      encode: {
        enter: {
          x: { scale: "x", field: "x" },
          y: { scale: "y", field: "y" },
          stroke: { field: "colour" },
          strokeWidth: { field: "width" },
          strokeDash: { field: "dash" },
        },
      },
    },
  ],
};

const symbols: Mark = {
  type: "symbol",
  from: { data: "points" },
  encode: {
    enter: {
      x: { scale: "x", field: "x" },
      y: { scale: "y", field: "y" },
      size: { signal: "datum.ring ? 90 : 48" },
      shape: { field: "shape" },
      stroke: { signal: "datum.filled ? 'var(--ground)' : datum.colour" },
      strokeWidth: { signal: "datum.filled ? 1 : 2" },
      fill: { signal: "datum.filled ? datum.colour : 'var(--ground)'" },
      description: { field: "said" },
    },
  },
};

const labelMarks: Mark[] = [
  {
    type: "symbol",
    from: { data: "labels" },
    encode: {
      enter: {
        x: { value: 6 },
        y: { field: "y" },
        size: { value: 48 },
        shape: { field: "shape" },
        fill: { field: "colour" },
      },
    },
  },
  {
    type: "text",
    from: { data: "labels" },
    encode: {
      enter: {
        x: { value: 14 },
        y: { field: "y" },
        baseline: { value: "middle" },
        text: { field: "text" },
        description: { field: "full" },
      },
    },
  },
];
