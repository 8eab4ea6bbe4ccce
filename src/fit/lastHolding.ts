/** The last number for which something holds that holds up to a point and not beyond. */

/**
 * Looks around `guess` in steps that double, and between the last two by halves. `low` is taken to hold.
 *
 * @param holds asked of numbers above `low` and up to `high`
 */
export function lastHolding(
  range: { readonly low: number; readonly high: number },
  guess: number,
  holds: (n: number) => boolean,
): number {
  let { low, high } = range;
  let probe = Math.min(Math.max(guess, low + 1), high);
  for (let step = 1; low < high; step *= 2) {
    if (holds(probe)) {
      low = probe;
      probe = Math.min(low + step, high);
    } else {
      high = probe - 1;
      probe = Math.max(high + 1 - step, low + 1);
    }
    const between = Math.ceil((low + high) / 2);
    if (probe > high || probe <= low || step > high - low) probe = between;
  }
  return low;
}
