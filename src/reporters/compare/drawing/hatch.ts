/** Slanted lines that fill what isn't sure: seen without any colour. */

/** Pixels between two lines, along the edge. */
const gap = 6;

export interface Box {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
}

/** An SVG path of lines from the lower left to the upper right; boxes that touch are hatched through. */
export function hatched({ x, x2, y, y2 }: Box): string {
  const lines: string[] = [];
  // Lines lie where x + y is a multiple of the gap.
  for (let sum = Math.ceil((x + y) / gap) * gap; sum < x2 + y2; sum += gap) {
    const fromX = Math.max(x, sum - y2);
    const toX = Math.min(x2, sum - y);
    if (toX > fromX) lines.push(`M${fromX},${sum - fromX}L${toX},${sum - toX}`);
  }
  return lines.join("");
}
