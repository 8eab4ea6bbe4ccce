/** Rows of a picture under titles, each with a machine's sign and name; what is too long takes several lines. */
import type { Mark } from "vega";
import { field, marksOf } from "./marks.ts";
import { brokenInto, lineHeight, textWidth } from "./textRoom.ts";
import { seriesLook } from "./theme.ts";

const titleHeight = 19;
const groupGap = 8;
/** Beside a name of several lines, which would else read on in the next one. */
const tallGap = 5;
/** Pixels from the picture's edge to a name, past its sign. */
const nameStart = 16;
/** Between a name and what is drawn beside it. */
const nameGap = 2;
const leastNamesWidth = 40;
/** How much wider bold letters are. */
const boldness = 1.12;

/** What has a row: one for each group and machine. */
export interface RowKey {
  readonly group: string;
  readonly series: string;
}

export interface Row extends RowKey {
  /** Pixels from the upper edge to the middle of the row. */
  readonly y: number;
}

interface Line {
  readonly y: number;
  readonly text: string;
  /** All of what the line is a part of. */
  readonly full: string;
}

export interface NamedRows {
  readonly rows: readonly Row[];
  /** Pixels that signs and names take from the width. */
  readonly namesWidth: number;
  readonly height: number;
  readonly names: readonly Line[];
  readonly titles: readonly Line[];
}

interface RowsRoom {
  /** Width of the whole picture, in pixels. */
  readonly width: number;
  /** Width that signs and names may take at most, in pixels. */
  readonly names: number;
}

/** Groups and their rows in the order of first appearance. */
export function namedRows(keys: readonly RowKey[], room: RowsRoom): NamedRows {
  const natural = keys.map(({ series }) => nameStart + textWidth(series) + nameGap);
  const namesWidth = Math.min(room.names, Math.max(...natural, leastNamesWidth));
  const rows: Row[] = [];
  const names: Line[] = [];
  const titles: Line[] = [];
  let y = 0;
  for (const [group, machines] of machinesByGroup(keys)) {
    const title = brokenInto(group, room.width / boldness);
    titles.push(...linesFrom(y + titleHeight / 2, title, group));
    y += titleHeight + (title.length - 1) * lineHeight;
    for (const series of machines) {
      const name = brokenInto(series, namesWidth - nameStart - nameGap);
      names.push(...linesFrom(y + lineHeight / 2, name, series));
      const height = name.length * lineHeight;
      rows.push({ group, series, y: y + height / 2 });
      y += height + (name.length > 1 ? tallGap : 0);
    }
    y += groupGap;
  }
  return { rows, namesWidth, names, titles, height: Math.max(y, titleHeight) };
}

function machinesByGroup(keys: readonly RowKey[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { group, series } of keys) {
    const machines = groups.get(group) ?? new Set();
    machines.add(series);
    groups.set(group, machines);
  }
  return groups;
}

function linesFrom(y: number, texts: readonly string[], full: string): Line[] {
  return texts.map((text, i) => ({ y: y + i * lineHeight, text, full }));
}

/** Data for `namedRowMarks`. @param series all of a comparison, by whose order each has its look */
export function namedRowData({ rows, names, titles }: NamedRows, series: readonly string[]) {
  const signs = rows.map(({ series: own, y }) => {
    const { colour, shape } = seriesLook(series.indexOf(own));
    return { y, colour, shape };
  });
  return [
    { name: "signs", values: signs },
    { name: "names", values: [...names] },
    { name: "titles", values: [...titles] },
  ];
}

const line = {
  y: field("y"),
  baseline: "middle",
  text: field("text"),
  description: field("full"),
} as const;

export const namedRowMarks: readonly Mark[] = [
  marksOf("signs", "symbol", {
    x: 8,
    y: field("y"),
    size: 40,
    shape: field("shape"),
    fill: field("colour"),
  }),
  marksOf("names", "text", { ...line, x: nameStart }),
  marksOf("titles", "text", { ...line, x: 0, fontWeight: 600 }),
];
