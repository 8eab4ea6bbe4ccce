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

/** As much of the text as fits, with an ellipsis for the rest. */
export function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = text;
  while (kept.length > 1 && textWidth(`${kept}…`) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/**
 * Places along a line, moved as little as keeps them `apart`, in their order.
 *
 * @param most where the last may be; where they don't fit below it, the first ones move up
 */
export function spread(places: readonly number[], apart: number, most: number): number[] {
  const order = places.map((_, index) => index).toSorted((a, b) => at(places, a) - at(places, b));
  const moved = [...places];
  let before = -Infinity;
  for (const index of order) {
    moved[index] = Math.max(at(places, index), before + apart);
    before = at(moved, index);
  }
  let after = most + apart;
  for (const index of order.toReversed()) {
    moved[index] = Math.min(at(moved, index), after - apart);
    after = at(moved, index);
  }
  return moved;
}

/** For each span along a line the first row in which it covers no other of those before it; null beyond the last row. */
export function rowsFor(
  spans: readonly { readonly from: number; readonly to: number }[],
  mostRows: number,
): (number | null)[] {
  const rows: { from: number; to: number }[][] = [];
  return spans.map((span) => {
    for (let row = 0; row < mostRows; row++) {
      const taken = (rows[row] ??= []);
      if (taken.every(({ from, to }) => span.to <= from || span.from >= to)) {
        taken.push({ ...span });
        return row;
      }
    }
    return null;
  });
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
