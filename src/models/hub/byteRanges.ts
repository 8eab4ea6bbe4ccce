/** Which bytes of a file are there: ranges from `start` to before `end`, in order, none touching another. */

export type ByteRange = readonly [start: number, end: number];

export function addRange(ranges: readonly ByteRange[], [start, end]: ByteRange): ByteRange[] {
  if (start >= end) return [...ranges];
  const apart = ranges.filter(([from, to]) => to < start || from > end);
  const touching = ranges.filter(([from, to]) => to >= start && from <= end);
  const merged: ByteRange = [
    Math.min(start, ...touching.map(([from]) => from)),
    Math.max(end, ...touching.map(([, to]) => to)),
  ];
  return [...apart, merged].sort(([a], [b]) => a - b);
}

export function bytesIn(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}

/** What is not there of `size` bytes, cut into pieces of at most `pieceBytes`. */
export function missingPieces(
  ranges: readonly ByteRange[],
  size: number,
  pieceBytes: number,
): ByteRange[] {
  const pieces: ByteRange[] = [];
  let at = 0;
  for (const [start, end] of [...ranges, [size, size] as const]) {
    for (; at < start; at += pieceBytes) pieces.push([at, Math.min(at + pieceBytes, start)]);
    at = end;
  }
  return pieces;
}
