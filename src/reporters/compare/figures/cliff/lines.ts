/** The lines of a cliff: a machine's predicted speed over sizes, where it holds them and where it doesn't. */
import type { CliffLine, Place } from "../../../../compare/sizes/cliff.ts";
import { seriesLook } from "../../drawing/theme.ts";
import { bytesPerGib } from "../../words/phrases.ts";
import { placeWords } from "./facts.ts";
import type { MeasuredPoint } from "./picture.ts";

interface PathPoint {
  /** GiB of weights and KV cache. */
  readonly x: number;
  /** The value in the unit of the picture. */
  readonly y: number;
}

interface Line {
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
export function linesOf(
  { label, points }: CliffLine,
  series: readonly string[],
  valueOf: (seconds: number) => number,
): Line[] {
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
export function leftEnd(
  label: string,
  lines: readonly Line[],
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
