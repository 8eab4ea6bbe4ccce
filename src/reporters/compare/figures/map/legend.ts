/** What the fills, lines and signs of a map mean, in as many lines as they take. */
import type { Mark } from "vega";
import { sureEnough } from "../../../../compare/sizes/fastest.ts";
import { plotWidth } from "../../drawing/chart.ts";
import { hatched, type Box } from "../../drawing/hatch.ts";
import { mark } from "../../drawing/marks.ts";
import { outline } from "../../drawing/outline.ts";
import { brokenInto, lineHeight, textWidth } from "../../drawing/textRoom.ts";
import { seriesLook } from "../../drawing/theme.ts";
import { wholePercent } from "../../words/phrases.ts";
import type { MapPanel } from "./panel.ts";
import { mapMargins } from "./place.ts";

/** Pixels from one line of the legend to the next. */
const lineStep = 17;
const boxWidth = 14;
/** Pixels from a key's sign to its words, and behind these to the next key. */
const [wordsStart, keyGap] = [18, 14];

/** What is explained: an area that a machine wins, one where none does surely, an outline, or a point. */
type Sign =
  | { readonly kind: "winner"; readonly colour: string; readonly shape: string }
  | { readonly kind: "unsure" | "holder" | "measured" };

interface Entry {
  readonly sign: Sign;
  readonly text: string;
}

/** An entry in its place. */
interface Key {
  readonly sign: Sign;
  /** The words, a line each. */
  readonly lines: readonly string[];
  /** Pixels from the plot's left edge, and from the legend's first line. */
  readonly x: number;
  readonly y: number;
}

export function legendOf(panels: readonly MapPanel[], series: readonly string[]): Key[] {
  const all = panels.flatMap(({ map }) => map.rows.flatMap((row) => row.stretches));
  const entries: Entry[] = series
    .filter((label) => all.some(({ winner }) => winner === label))
    .map((label) => {
      const { colour, shape } = seriesLook(series.indexOf(label));
      return { sign: { kind: "winner", colour, shape }, text: label };
    });
  const add = (kind: Exclude<Sign["kind"], "winner">, text: string) =>
    entries.push({ sign: { kind }, text });
  if (all.some(({ sure }) => !sure)) add("unsure", `under ${wholePercent(sureEnough)} sure`);
  if (all.some(({ onlyHolder }) => onlyHolder !== null)) add("holder", "only one holds it");
  if (panels.some(({ measured }) => measured.length > 0))
    add("measured", "measured, as the winner's sign");
  return placed(entries);
}

/** One after the other, line by line. */
function placed(entries: readonly Entry[]): Key[] {
  const first = -mapMargins.left + 4;
  const most = plotWidth(mapMargins) + mapMargins.right;
  let [x, y, height] = [first, 0, lineStep];
  return entries.map(({ sign, text }) => {
    const lines = brokenInto(text, most - first - wordsStart - keyGap - 4);
    const width = wordsStart + Math.max(...lines.map(textWidth)) + keyGap;
    if (x + width > most && x > first) {
      x = first;
      y += height;
      height = lineStep;
    }
    height = Math.max(height, lineStep + (lines.length - 1) * lineHeight);
    const key = { sign, lines, x, y };
    x += width;
    return key;
  });
}

/** @param top pixels from the legend's first line down to the plot */
export function legendMarks(keys: readonly Key[], top: number): Mark[] {
  return keys.flatMap(({ sign, lines, x, y: fromTop }): Mark[] => {
    const y = fromTop + 8 - top;
    const box = { x, x2: x + boxWidth, y: y - 6, y2: y + 6 };
    return [
      ...signMarks(sign, box),
      ...lines.map((text, at) =>
        mark("text", { x: x + wordsStart, y: y + at * lineHeight, baseline: "middle", text }),
      ),
    ];
  });
}

function signMarks(sign: Sign, box: Box): Mark[] {
  const { x, x2, y, y2 } = box;
  const centre = { x: (x + x2) / 2, y: (y + y2) / 2 };
  switch (sign.kind) {
    case "winner":
      return [
        mark("rect", { x, x2, y, y2, fill: sign.colour, fillOpacity: 1 }),
        mark("symbol", { ...centre, size: 30, shape: sign.shape, fill: "var(--ground)" }),
      ];
    case "unsure":
      return [mark("path", { path: hatched(box), stroke: "var(--soft)", strokeWidth: 1 })];
    case "holder": {
      const edge = outline([{ y, y2, spans: [{ from: x, to: x2 }] }]);
      return [mark("path", { path: edge, stroke: "var(--text)", strokeWidth: 2 })];
    }
    case "measured":
      return [
        mark("symbol", {
          ...centre,
          size: 44,
          shape: "circle",
          fill: "var(--text)",
          stroke: "var(--ground)",
          strokeWidth: 1.5,
        }),
      ];
    default:
      return sign satisfies never;
  }
}

/** Pixels above the first panel. */
export function legendHeight(keys: readonly Key[]): number {
  const bottoms = keys.map(({ y, lines }) => y + lineStep + (lines.length - 1) * lineHeight);
  return Math.max(...bottoms) + 6;
}
