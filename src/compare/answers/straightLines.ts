/** What grows with the tokens, as straight lines between points. */

export interface Point {
  /** Tokens. */
  readonly at: number;
  readonly value: number;
}

export function growthOf(a: Point, b: Point): number {
  return b.at > a.at ? (b.value - a.value) / (b.at - a.at) : 0;
}

/** Two points closer together than this share of the way to the last show their noise, not their growth. */
const farEnough = 0.4;

/** Growth per token up to the last point; null where no other lies far enough before it. */
export function steadyGrowth(points: readonly Point[]): number | null {
  const last = points.at(-1);
  const before = points.findLast(({ at }) => at <= (1 - farEnough) * (last?.at ?? 0));
  return before === undefined || last === undefined ? null : growthOf(before, last);
}

/** A value that a line was drawn on to: no less than half of the measured one and no more than twice. */
export function bounded(value: number, measured: number): number {
  return Math.min(Math.max(value, measured / 2), measured * 2);
}

/** Straight lines between the points, level outside them. */
export function interpolation(points: readonly Point[]): (at: number) => number {
  return (at) => {
    const above = points.find((point) => point.at >= at) ?? points.at(-1);
    const below = points.findLast((point) => point.at <= at) ?? points[0];
    if (above === undefined || below === undefined) throw new RangeError("no points");
    return above.at <= below.at
      ? below.value
      : below.value + growthOf(below, above) * (at - below.at);
  };
}

/** The area below the lines from 0 on. */
export function areaBelow(points: readonly Point[]): (to: number) => number {
  const valueAt = interpolation(points);
  let sum = 0;
  let before: Point = { at: 0, value: valueAt(0) };
  const stops = [{ ...before, sum }];
  for (const { at, value } of points) {
    sum += trapezoid(before, { at, value });
    before = { at, value };
    stops.push({ at, value, sum });
  }
  return (to) => {
    const stop = stops.findLast(({ at }) => at <= to);
    return stop === undefined ? 0 : stop.sum + trapezoid(stop, { at: to, value: valueAt(to) });
  };
}

function trapezoid(from: Point, to: Point): number {
  return ((to.at - from.at) * (from.value + to.value)) / 2;
}
