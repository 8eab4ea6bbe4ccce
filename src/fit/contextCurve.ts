/** Compute buffers over contexts, laid out at few of them. */

export interface ComputeBuffers {
  /** Bytes, by device. */
  readonly devices: readonly number[];
  readonly host: number;
}

interface Point {
  readonly nCtx: number;
  readonly buffers: ComputeBuffers;
  /** All contexts between this point and the one before lie on the line that joins them. */
  straight: boolean;
}

/**
 * The larger the context, the more the largest tensors count: but for gaps, the largest sum of buffers grows in straight
 * lines, each steeper than the one before. Where three points lie on one line, then, so does all between them.
 */
export class ContextCurve {
  private readonly points: Point[] = [];
  private readonly layOut: (nCtx: number) => ComputeBuffers;

  constructor(layOut: (nCtx: number) => ComputeBuffers) {
    this.layOut = layOut;
  }

  /** @param nCtx as llama.cpp pads it: a multiple of 256 */
  at(nCtx: number): ComputeBuffers {
    const index = this.indexOf(nCtx);
    const point = this.points[index];
    return point?.nCtx === nCtx ? point.buffers : this.add(index, nCtx);
  }

  /** Nearly what `at` says, often without laying out anything. */
  near(nCtx: number): ComputeBuffers {
    for (;;) {
      const index = this.indexOf(nCtx);
      const [below, above] = [this.points[index - 1], this.points[index]];
      if (above?.nCtx === nCtx) return above.buffers;
      if (below === undefined || above === undefined) return this.add(index, nCtx);
      if (above.straight) return between(below, above, nCtx);
      // Whoever asks for another context between the two asks for the same middle.
      this.add(index, roundMiddle(below.nCtx, above.nCtx));
    }
  }

  /** Of the first point that isn't below. */
  private indexOf(nCtx: number): number {
    const found = this.points.findIndex((point) => point.nCtx >= nCtx);
    return found === -1 ? this.points.length : found;
  }

  private add(index: number, nCtx: number): ComputeBuffers {
    const [below, above] = [this.points[index - 1], this.points[index]];
    const point = { nCtx, buffers: this.layOut(nCtx), straight: false };
    if (below !== undefined && above?.straight === true) {
      point.straight = isNear(between(below, above, nCtx), point.buffers, below.buffers);
      above.straight = point.straight;
    }
    this.points.splice(index, 0, point);
    for (let first = index - 2; first <= index; first++) this.straighten(first);
    return point.buffers;
  }

  /** Looks at three points in a row. One near an end tells little of what lies beyond it. */
  private straighten(first: number): void {
    const [a, b, c] = [this.points[first], this.points[first + 1], this.points[first + 2]];
    if (a === undefined || b === undefined || c === undefined) return;
    const nearest = Math.min(b.nCtx - a.nCtx, c.nCtx - b.nCtx);
    if (4 * nearest < c.nCtx - a.nCtx) return;
    if (isNear(between(a, c, b.nCtx), b.buffers, a.buffers)) b.straight = c.straight = true;
  }
}

function between(below: Point, above: Point, nCtx: number): ComputeBuffers {
  const share = (nCtx - below.nCtx) / (above.nCtx - below.nCtx);
  const line = (a: number, b: number) => Math.round(a + share * (b - a));
  return {
    devices: below.buffers.devices.map((bytes, index) =>
      line(bytes, above.buffers.devices[index] ?? bytes),
    ),
    host: line(below.buffers.host, above.buffers.host),
  };
}

/**
 * Gaps between tensors come and go with the context; a share of the buffer that nobody minds. Where a middle point is off
 * by so much, no context between the ends is off by more than four times that: the line's distance from what bends upwards
 * bends downwards, and the middle is a quarter from either end.
 */
const negligible = 0.005;

/** @param smallest the buffers at the low end: they only grow */
function isNear(line: ComputeBuffers, right: ComputeBuffers, smallest: ComputeBuffers): boolean {
  return (
    isClose(line.host, right.host, smallest.host) &&
    line.devices.every((bytes, i) => isClose(bytes, right.devices[i], smallest.devices[i]))
  );
}

function isClose(line: number, right = 0, smallest = 0): boolean {
  return Math.abs(line - right) <= negligible * smallest;
}

/** Of the multiples of 256 in between, one that the largest power of two divides. */
function roundMiddle(low: number, high: number): number {
  for (let grain = 2 ** Math.floor(Math.log2(high - low)); ; grain /= 2) {
    const middle = grain * Math.round((low + high) / 2 / grain);
    if (middle > low && middle < high) return middle;
  }
}
