/** The words around a cliff: models above it, the sizes of walls and the winner's flips below. */
import { groupBy } from "../../../../base/groupBy.ts";
import type { Flip } from "../../../../compare/sizes/cliff.ts";
import type { Wall } from "../../../../compare/sizes/walls.ts";
import { hatched } from "../../drawing/hatch.ts";
import { brokenInto, lineHeight, rowsFor, textWidth } from "../../drawing/textRoom.ts";
import { seriesLook, type SeriesLook } from "../../drawing/theme.ts";
import { bytesPerGib, gib } from "../../words/phrases.ts";
import type { CliffPicture } from "./picture.ts";
import { innerWidth, railTop, sides, signWidth } from "./room.ts";

/** Where the words stand. */
export interface WordsPlace {
  /** Pixels from the plot's left edge to a size in GiB. */
  readonly xOf: (gibs: number) => number;
  /** Pixels from the plot's upper edge to its axis. */
  readonly height: number;
}

/** Rows of names, where each stands in one. */
const mostNameRows = 3;
/** A longer name takes several rows, and as many more there are. */
const mostNameWidth = 190;
const mostRailRows = 4;

interface RailItem {
  readonly x: number;
  readonly text: string;
  /** Signs of the machines whose wall it is. */
  readonly signs: readonly SeriesLook[];
  readonly said: string;
}

/** Below the axis each wall's size with its machines' signs, and where the winner flips; what has no room is told on hovering. */
export function railOf({ walls, series, cliff }: CliffPicture, place: WordsPlace) {
  const { xOf, height } = place;
  const wallItems = (raised: boolean) =>
    [
      ...groupBy(
        walls.filter((wall) => wall.raised === raised),
        ({ bytes }) => wallText(bytes, raised),
      ),
    ].map(([text, own]): RailItem => ({
      x: xOf((own[0]?.bytes ?? 0) / bytesPerGib),
      text,
      signs: own.map(({ label }) => seriesLook(series.indexOf(label))),
      said: own.map(({ label }) => `${label}: ${text}`).join(", "),
    }));
  const flips = (cliff?.flips ?? []).map((flip): RailItem => {
    const { x, x2, said } = flipBand(flip, place);
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
    const y = height + railTop + row * lineHeight + 6;
    const word = { shape: "circle", colour: "", y, lastRow: row, text, said, shown: 0 };
    return signs
      .map(({ shape, colour }, at) => {
        const x = from + 7 + at * signWidth;
        return { shape, colour, x, y, lastRow: row, text: "", said, shown: 1 };
      })
      .concat({ ...word, x: from + signs.length * signWidth + 2 });
  });
}

export function wallLine(wall: Wall, series: readonly string[], { xOf }: WordsPlace) {
  return {
    x: xOf(wall.bytes / bytesPerGib),
    colour: seriesLook(series.indexOf(wall.label)).colour,
    dash: wall.raised ? [2, 3] : [],
    said: `${wall.label}: ${wallText(wall.bytes, wall.raised)}`,
  };
}

function wallText(bytes: number, raised: boolean): string {
  const size = gib(bytes).replace(".0 ", " ");
  return raised ? `${size} if raised` : size;
}

/** The sizes at which it isn't sure who is faster, around a change of the winner. */
export function flipBand({ before, after, from, to }: Flip, { xOf, height }: WordsPlace) {
  const [x, x2] = [xOf(from / bytesPerGib), xOf(to / bytesPerGib)];
  return {
    x,
    x2: Math.max(x2, x + 2),
    path: hatched({ x, x2: Math.max(x2, x + 2), y: 0, y2: height }),
    said: `the winner flips from ${before} to ${after} between ${gib(from)} and ${gib(to)}`,
  };
}

/** Models by name above the plot, the largest first where room is short, each over its points. */
export function namesOf({ points, better }: CliffPicture, { xOf }: WordsPlace) {
  const all = [...groupBy(points, ({ model }) => model)].map(([model, own]) => {
    const x = xOf(Math.max(...own.map(({ neededBytes }) => neededBytes)) / bytesPerGib);
    const values = own.map(({ value }) => value);
    const texts = brokenInto(model, mostNameWidth);
    const width = Math.max(...texts.map(textWidth));
    const from = Math.min(
      Math.max(x - width / 2, -sides.left + 2),
      innerWidth + sides.right - width - 2,
    );
    return {
      texts,
      x,
      from,
      to: from + width + 6,
      rows: texts.length,
      value: better === "higher" ? Math.min(...values) : Math.max(...values),
      full: model,
    };
  });
  const ordered = all.toSorted((a, b) => b.x - a.x);
  const tallest = Math.max(1, ...ordered.map(({ rows }) => rows));
  const places = rowsFor(ordered, mostNameRows + tallest - 1);
  return ordered.flatMap(({ texts, x, from, value, full }, i) => {
    const row = places[i] ?? null;
    if (row === null) return [];
    const lastRow = row + texts.length - 1;
    const lines = texts.map((text, at) => ({ text, from, full, y: nameY(lastRow - at) }));
    return [{ x, y: nameY(row), value, lastRow, lines }];
  });
}

/** Pixels from the plot's upper edge to a row of names, the first of which stands nearest to it. */
function nameY(row: number): number {
  return -8 - row * lineHeight;
}
