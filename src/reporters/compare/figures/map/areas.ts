/** The areas of a map: each size and context in its winner's colour, hatched where that isn't sure, with their outlines and names. */
import type { Mark } from "vega";
import type { Stretch } from "../../../../compare/sizes/stretches.ts";
import type { MapRow } from "../../../../compare/sizes/winnerMap.ts";
import { hatched } from "../../drawing/hatch.ts";
import { field, mark, marksOf } from "../../drawing/marks.ts";
import { outline, type OutlinedRow } from "../../drawing/outline.ts";
import { textWidth } from "../../drawing/textRoom.ts";
import { seriesLook } from "../../drawing/theme.ts";
import { rowHeight, xOf, type MapPlace } from "./place.ts";
import { sizesText } from "./words.ts";

/** Rows of data for `areaMarks` and `areaNames`. */
export function areaData(place: MapPlace) {
  const boxes = place.rows.flatMap((row, at) =>
    row.stretches.map((stretch) => boxOf(stretch, row, at, place)),
  );
  return [
    { name: "boxes", values: boxes },
    { name: "areas", values: namesOf(place) },
  ];
}

function boxOf(stretch: Stretch, { contextTokens }: MapRow, at: number, place: MapPlace) {
  const { winner, sure, onlyHolder } = stretch;
  const box = {
    x: xOf(stretch.from, place),
    x2: xOf(stretch.to, place),
    y: at * rowHeight,
    y2: (at + 1) * rowHeight,
  };
  const who = winner === null ? "none runs it" : sure ? winner : `probably ${winner}`;
  const holder = onlyHolder === null ? "" : `; only ${onlyHolder} holds it`;
  return {
    ...box,
    fill: winner === null ? "var(--raised)" : seriesLook(place.series.indexOf(winner)).colour,
    opacity: winner === null ? 1 : sure ? 0.85 : 0.22,
    hatch: sure ? "" : hatched(box),
    // Rows that touch leave no seam.
    overlap: box.y2 + 0.4,
    said: `${sizesText(stretch)}, ${contextTokens} tokens: ${who}${holder}`,
  };
}

/** All marks but the names, the lowest first. */
export function areaMarks(place: MapPlace): Mark[] {
  const holders = holderOutline(place);
  return [
    marksOf("boxes", "rect", {
      x: field("x"),
      x2: field("x2"),
      y: field("y"),
      y2: field("overlap"),
      fill: field("fill"),
      fillOpacity: field("opacity"),
      description: field("said"),
    }),
    marksOf("boxes", "path", { path: field("hatch"), stroke: "var(--soft)", strokeWidth: 1 }),
    mark("path", { path: winnersOutline(place), stroke: "var(--ground)", strokeWidth: 1 }),
    mark("path", { path: holders, stroke: "var(--ground)", strokeWidth: 4 }),
    mark("path", { path: holders, stroke: "var(--text)", strokeWidth: 2 }),
  ];
}

/** Winners' names, which stand above all else. */
export const areaNames = marksOf("areas", "text", {
  x: field("x"),
  y: field("y"),
  align: "center",
  baseline: "middle",
  text: field("text"),
  fontWeight: 600,
});

/** The border at which the winner changes. */
function winnersOutline(place: MapPlace): string {
  return place.series
    .map((label) => outline(rowsWhere(place, ({ winner }) => winner === label)))
    .join("");
}

function holderOutline(place: MapPlace): string {
  const holders = new Set(
    place.rows.flatMap(({ stretches }) => stretches.flatMap(({ onlyHolder }) => onlyHolder ?? [])),
  );
  return [...holders]
    .map((label) => outline(rowsWhere(place, ({ onlyHolder }) => onlyHolder === label)))
    .join("");
}

function rowsWhere(place: MapPlace, isPart: (stretch: Stretch) => boolean): OutlinedRow[] {
  return place.rows.map(({ stretches }, at) => ({
    y: at * rowHeight,
    y2: (at + 1) * rowHeight,
    spans: stretches
      .filter(isPart)
      .map(({ from, to }) => ({ from: xOf(from, place), to: xOf(to, place) })),
  }));
}

/** A winner's name where it has the room, in the row that is nearest to the middle of its area. */
function namesOf(place: MapPlace) {
  return place.series.flatMap((text) => {
    const width = textWidth(text) + 12;
    const wide = rowsWhere(place, ({ winner, sure }) => sure && winner === text).flatMap(
      ({ y, spans }) =>
        spans
          .filter(({ from, to }) => to - from >= width)
          .map(({ from, to }) => ({ y: y + rowHeight / 2, x: (from + to) / 2 })),
    );
    const middle = wide[Math.floor(wide.length / 2)];
    return middle === undefined ? [] : [{ text, x: middle.x, y: middle.y }];
  });
}
