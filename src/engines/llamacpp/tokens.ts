/** Seeded draws of token ids, made before the clock starts. */

/**
 * Uniform token ids below `vocabulary`.
 *
 * Generator: mulberry32 (T. Ettinger, public domain, 2017). Speed does not depend on which tokens are drawn, so its
 * statistical quality is ample; the seed makes a run repeatable.
 */
export function tokenSource(seed: number, vocabulary: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * vocabulary);
  };
}
