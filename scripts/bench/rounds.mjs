// @ts-check
// Two things measured in turn, so that what changes on the machine meanwhile meets both.

/**
 * A B, B A, A B, …: what drifts steadily cancels out.
 *
 * @template A, B
 * @param {number} rounds
 * @param {() => Promise<A>} a
 * @param {() => Promise<B>} b
 * @param {(round: number) => void} onRound before each
 * @returns {Promise<{ a: A, b: B }[]>}
 */
export async function inTurn(rounds, a, b, onRound) {
  const pairs = [];
  for (let round = 1; round <= rounds; round++) {
    onRound(round);
    if (round % 2 === 1) {
      pairs.push({ a: await a(), b: await b() });
    } else {
      const last = await b();
      pairs.push({ a: await a(), b: last });
    }
  }
  return pairs;
}
