// @ts-check
// Random numbers that a seed repeats (mulberry32, Tommy Ettinger, public domain).

/** @typedef {ReturnType<typeof randomSource>} Random */

/** @param {number} seed */
export function randomSource(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** From 0, below 1. */
    next,
    /** @param {number} end a whole number from 0, below this */
    below: (end) => Math.floor(next() * end),
    /**
     * @template Item
     * @param {readonly Item[]} items
     * @returns {Item}
     */
    pick: (items) => /** @type {Item} */ (items[Math.floor(next() * items.length)]),
    /** @param {number} share how often the answer is yes */
    chance: (share) => next() < share,
  };
}
