/** What the fills, lines and signs of a map mean, in as many lines as they take. */
import type { Mark } from "vega";
import { sureEnough } from "../../../compare/sizes/fastest.ts";
import { plotWidth } from "../figure.ts";
import { fitted, textWidth } from "../textRoom.ts";
import { seriesLook } from "../theme.ts";
import { wholePercent } from "../words/phrases.ts";
import { hatched } from "./hatch.ts";
import { mapMargins, type MapPanel } from "./mapPanel.ts";
import { boxMark, dotMark, glyphMark, pathMark } from "./mapShapes.ts";
import { outline } from "./outline.ts";

const lineStep = 17;

export interface Key {
  readonly kind: "winner" | "unsure" | "holder" | "measured";
  readonly text: string;
  readonly colour: string;
  readonly shape: string;
  readonly x: number;
  readonly row: number;
}

export function legendOf(panels: readonly MapPanel[], series: readonly string[]): Key[] {
  const all = panels.flatMap(({ map }) => map.rows.flatMap((row) => row.stretches));
  const winners = series.filter((label) => all.some(({ winner }) => winner === label));
  const entries: Omit<Key, "x" | "row">[] = winners.map((label) => {
    const { colour, shape } = seriesLook(series.indexOf(label));
    return { kind: "winner", text: label, colour, shape };
  });
  const add = (kind: Key["kind"], text: string) =>
    entries.push({ kind, text, colour: "", shape: "circle" });
  if (all.some(({ sure }) => !sure)) add("unsure", `under ${wholePercent(sureEnough)} sure`);
  if (all.some(({ onlyHolder }) => onlyHolder !== null)) add("holder", "only one holds it");
  if (panels.some(({ measured }) => measured.length > 0))
    add("measured", "measured, as the winner's sign");
  return placed(entries);
}

/** One after the other, line by line. */
function placed(entries: readonly Omit<Key, "x" | "row">[]): Key[] {
  const first = -mapMargins.left + 4;
  const most = plotWidth(mapMargins) + mapMargins.right;
  let [x, row] = [first, 0];
  return entries.map(({ kind, text: whole, colour, shape }) => {
    const text = fitted(whole, most - first - 36);
    const width = textWidth(text) + 32;
    if (x + width > most && x > first) {
      x = first;
      row += 1;
    }
    const key = { kind, text, colour, shape, x, row };
    x += width;
    return key;
  });
}

export function legendMarks(keys: readonly Key[], top: number): Mark[] {
  return keys.flatMap(({ kind, text, colour, shape, x, row }): Mark[] => {
    const y = row * lineStep + 8 - top;
    const box = { x, x2: x + 14, y: y - 6, y2: y + 6 };
    return [
      ...(kind === "winner" ? [boxMark(box, colour, 1), glyphMark(x + 7, y, shape)] : []),
      ...(kind === "unsure" ? [pathMark(hatched(box), "var(--soft)", 1)] : []),
      ...(kind === "holder"
        ? [pathMark(outline([{ ...box, spans: [{ from: box.x, to: box.x2 }] }]), "var(--text)", 2)]
        : []),
      ...(kind === "measured" ? [dotMark(x + 7, y)] : []),
      {
        type: "text",
        encode: {
          enter: {
            x: { value: x + 18 },
            y: { value: y },
            baseline: { value: "middle" },
            text: { value: text },
          },
        },
      },
    ];
  });
}

/** Pixels above the first panel. */
export function legendHeight(keys: readonly Key[]): number {
  return (Math.max(...keys.map(({ row }) => row)) + 1) * lineStep + 6;
}
