/** The largest context that still holds. */

const step = 256;

/**
 * Tokens, a multiple of 256 or `trained`; null where not even 256 hold. `nearly` is asked a dozen times, and may be a
 * little off: `exactly` is asked until it is sure.
 */
export function largestContext(
  trained: number,
  nearly: (nCtx: number) => boolean,
  exactly: (nCtx: number) => boolean,
): number | null {
  let nCtx = nearlyLargest(trained, nearly);
  if (nCtx === 0 || nCtx === trained) return nCtx === 0 ? null : nCtx;
  if (exactly(nCtx)) {
    while (nCtx + step < trained && exactly(nCtx + step)) nCtx += step;
    return nCtx;
  }
  do nCtx -= step;
  while (nCtx > 0 && !exactly(nCtx));
  return nCtx > 0 ? nCtx : null;
}

function nearlyLargest(trained: number, holds: (nCtx: number) => boolean): number {
  if (!holds(Math.min(step, trained))) return 0;
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
