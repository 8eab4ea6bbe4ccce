/** Points that would cover each other stand side by side. */

export interface Spot {
  /** Pixels. */
  readonly x: number;
  readonly y: number;
}

/** Dots of 8 pixels whose centres are closer than this are hard to tell apart. */
const apart = 5;

/** To each side; where so many meet, the rest stays where it is. */
const mostSteps = 5;

/** How far to the side each goes, in pixels: in their order, as little as keeps it clear of those before. */
export function dodge(spots: readonly Spot[]): number[] {
  const taken: Spot[] = [];
  return spots.map(({ x, y }) => {
    const free = (dx: number) =>
      taken.every((other) => Math.hypot(other.x - x - dx, other.y - y) >= apart);
    const dx = steps.find(free) ?? 0;
    taken.push({ x: x + dx, y });
    return dx;
  });
}

const steps = Array.from(
  { length: 2 * mostSteps + 1 },
  (_, i) => Math.ceil(i / 2) * (i % 2 === 0 ? -1 : 1) * apart || 0,
);
