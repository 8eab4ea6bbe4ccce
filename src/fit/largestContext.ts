/** The largest context that still holds. */

const step = 256;

/** Tokens, a multiple of 256 or `trained`; null where not even 256 hold. */
export function largestContext(trained: number, holds: (nCtx: number) => boolean): number | null {
  if (!holds(Math.min(step, trained))) return null;
  if (holds(trained)) return trained;
  let low = 1;
  let high = Math.ceil(trained / step);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle * step)) low = middle;
    else high = middle;
  }
  return low * step;
}
