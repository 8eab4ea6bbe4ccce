/** The largest context that still holds. */

const step = 256;

/**
 * Tokens, a multiple of 256 or `trained`; null where not even 256 hold.
 *
 * @param asked where the search begins: a context whose room is known
 * @param room bytes that are left with a context, below 0 where it doesn't hold; asked a few times, and may be a little off
 * @param holds asked until it is sure
 */
export function largestContext(
  { trained, asked }: { readonly trained: number; readonly asked: number },
  room: (nCtx: number) => number,
  holds: (nCtx: number) => boolean,
): number | null {
  let nCtx = nearlyLargest(trained, asked, room);
  if (nCtx === 0 || nCtx === trained) return nCtx === 0 ? null : nCtx;
  if (holds(nCtx)) {
    while (nCtx + step < trained && holds(nCtx + step)) nCtx += step;
    return nCtx;
  }
  do nCtx -= step;
  while (nCtx > 0 && !holds(nCtx));
  return nCtx > 0 ? nCtx : null;
}

/** Memory grows nearly in a line: the next context to try is where the line between the last two would end. */
function nearlyLargest(trained: number, asked: number, roomOf: (nCtx: number) => number): number {
  const most = Math.ceil(trained / step);
  const at = (steps: number) => ({ steps, room: roomOf(Math.min(steps * step, trained)) });
  let high = at(Math.min(Math.max(Math.floor(asked / step), 1), most));
  let low = high.room < 0 && high.steps > 1 ? at(1) : high;
  if (low.room < 0) return 0;
  if (high.room >= 0) high = at(most);
  if (high.room >= 0) return trained;
  let share = low.room / (low.room - high.room);
  while (high.steps - low.steps > 1) {
    const between = high.steps - low.steps;
    const steps = low.steps + Math.min(Math.max(Math.floor(share * between), 1), between - 1);
    const next = at(steps);
    if (next.room >= 0) low = next;
    else high = next;
    // Bends make the line creep: halves don't.
    const creeps = high.steps - low.steps > between / 2 && share !== 0.5;
    share = creeps ? 0.5 : low.room / (low.room - high.room);
  }
  return low.steps * step;
}
