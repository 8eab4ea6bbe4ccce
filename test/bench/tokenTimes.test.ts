import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenClock, tokenPercentile, type TokenTimes } from "../../src/bench/tokenTimes.ts";

function clocked(times: readonly number[]): TokenTimes {
  const clock = new TokenClock();
  for (const ns of times) clock.add(ns);
  return clock.times();
}

function alike(count: number): TokenTimes {
  return clocked(Array.from({ length: count }, () => 1e6));
}

/** Nearest rank. */
function exact(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1] ?? Number.NaN;
}

/** From a microsecond to a minute. */
const ns = fc.double({ min: 1e3, max: 6e10, noNaN: true });

describe("percentiles of token times", () => {
  it.each([0.5, 0.9, 0.99])("are the exact ones within 0.1%% (%d)", (share) => {
    fc.assert(
      fc.property(fc.array(ns, { minLength: 368, maxLength: 1000 }), (times) => {
        const found = tokenPercentile([clocked(times)], share) ?? Number.NaN;
        const is = exact(times, share);
        // Times are whole nanoseconds, too.
        expect(Math.abs(found - is)).toBeLessThanOrEqual(0.001 * is + 0.5);
      }),
      { numRuns: 100, seed: 368 },
    );
  });

  it.each([
    [0.5, 6],
    [0.9, 36],
    [0.99, 368],
  ])("of a share of %d need %d tokens", (share, needed) => {
    expect(tokenPercentile([alike(needed - 1)], share)).toBeNull();
    expect(tokenPercentile([alike(needed)], share)).not.toBeNull();
  });

  it("of several launches are those of all their tokens together", () => {
    fc.assert(
      fc.property(fc.array(fc.array(ns, { minLength: 20 }), { minLength: 2 }), (launches) => {
        const apart = tokenPercentile(launches.map(clocked), 0.9);
        expect(apart).toBe(tokenPercentile([clocked(launches.flat())], 0.9));
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it("of no tokens, and of no launches, are unknown", () => {
    expect(tokenPercentile([], 0.5)).toBeNull();
    expect(tokenPercentile([[], []], 0.5)).toBeNull();
  });
});

describe("a token clock", () => {
  it("keeps every token, in few numbers that rise", () => {
    const times = Array.from({ length: 100_000 }, (_, token) => 1e6 * (1 + (token % 1000) / 1000));
    const kept = clocked(times);
    expect(kept.reduce((sum, [, tokens]) => sum + tokens, 0)).toBe(times.length);
    expect(kept.length).toBeLessThan(400);
    expect(kept.map(([time]) => time)).toEqual(
      kept.map(([time]) => time).toSorted((a, b) => a - b),
    );
  });

  it("takes no time that isn't one", () => {
    expect(clocked([0, -1, Number.NaN])).toEqual([]);
  });
});
