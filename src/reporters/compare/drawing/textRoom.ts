/** How much room words take in a picture, before a browser draws them: careful figures, since each reader has other letters. */
import { fontSize } from "./theme.ts";

/** Widths of letters in shares of their size, by the widest of the usual sans-serif families (Verdana's cut: DejaVu Sans). */
const letters: readonly (readonly [of: RegExp, width: number])[] = [
  [/[ijl.,:;|!'’I]/u, 0.3],
  [/[ \-()[\]frt/]/u, 0.4],
  [/[mMwW@%…—×]/u, 0.98],
  [/[A-Z0-9–]/u, 0.68],
];
const otherLetters = 0.62;

export const lineHeight = 15;

export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letters.find(([of]) => of.test(letter))?.[1] ?? otherLetters;
  return width * fontSize;
}

/**
 * The whole text on as many lines as keep each within the width: broken behind blanks and the signs that join parts of
 * names, and within a part that is too wide by itself.
 */
export function brokenInto(text: string, width: number): string[] {
  const lines = [""];
  for (const part of text.split(/(?<=[ \-+/,_])/u)) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && textWidth(`${last}${part}`.trimEnd()) > width) lines.push("");
    for (const letter of part) {
      const begun = lines.at(-1) ?? "";
      if (begun === "" || textWidth(`${begun}${letter}`.trimEnd()) <= width)
        lines[lines.length - 1] = `${begun}${letter}`;
      else lines.push(letter);
    }
  }
  return lines.map((line) => line.trimEnd());
}

/** As much of the text as fits, with an ellipsis for the rest. */
export function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = text;
  while (kept.length > 1 && textWidth(`${kept}…`) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/**
 * Centres along a line, moved as little as keeps what stands at them apart, in their order.
 *
 * @param heights of what stands at each, in pixels
 * @param end of the line: where not all have room before it, the first ones move beyond its beginning
 */
export function spread(
  centres: readonly number[],
  heights: readonly number[],
  end: number,
): number[] {
  const order = centres
    .map((_, at) => at)
    .toSorted((a, b) => (centres[a] ?? 0) - (centres[b] ?? 0));
  const half = (at: number) => (heights[at] ?? 0) / 2;
  const moved = [...centres];
  let taken = -Infinity;
  for (const at of order) {
    const centre = Math.max(moved[at] ?? 0, taken + half(at));
    moved[at] = centre;
    taken = centre + half(at);
  }
  let free = end;
  for (const at of order.toReversed()) {
    const centre = Math.min(moved[at] ?? 0, free - half(at));
    moved[at] = centre;
    free = centre - half(at);
  }
  return moved;
}

interface RowSpan {
  readonly from: number;
  readonly to: number;
  /** How many rows it takes; one where it isn't said. */
  readonly rows?: number;
}

/**
 * For each span along a line the first row from which on it covers no other of those before it; null where it would reach
 * beyond the last row.
 */
export function rowsFor(spans: readonly RowSpan[], mostRows: number): (number | null)[] {
  const taken: RowSpan[][] = Array.from({ length: mostRows }, () => []);
  const isFree = (row: readonly RowSpan[], { from, to }: RowSpan) =>
    row.every((other) => to <= other.from || from >= other.to);
  return spans.map((span) => {
    const { rows = 1 } = span;
    for (let first = 0; first + rows <= mostRows; first++) {
      const own = taken.slice(first, first + rows);
      if (!own.every((row) => isFree(row, span))) continue;
      for (const row of own) row.push(span);
      return first;
    }
    return null;
  });
}
