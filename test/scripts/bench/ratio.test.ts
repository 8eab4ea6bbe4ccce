import { describe, expect, it } from "vitest";
import { judgeRatio, medianInterval, pairedRatio } from "../../../scripts/bench/ratio.mjs";

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe("the interval of a median", () => {
  // Ranks of the sign test's 95% interval, tabulated for instance in Conover, "Practical Nonparametric Statistics".
  it.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [10, 2, 9],
    [12, 3, 10],
    [20, 6, 15],
    [25, 8, 18],
  ])("of %i values reaches from the %ith to the %ith", (n, low, high) => {
    expect(medianInterval(upTo(n).reverse())).toEqual({ low, high });
  });

  it.each([0, 1, 5])("needs more than %i values", (n) => {
    expect(medianInterval(upTo(n))).toBeNull();
  });
});

describe("a paired ratio", () => {
  it("is the median of the pairs' ratios, which one slow launch doesn't move", () => {
    const pairs = [
      { ours: 10, theirs: 10 },
      { ours: 20, theirs: 20 },
      { ours: 3, theirs: 10 },
    ];
    expect(pairedRatio(pairs)).toEqual({ ratio: 1, interval: null, rounds: 3 });
  });
});

function judged(low: number, high: number) {
  return judgeRatio({ ratio: (low + high) / 2, interval: { low, high }, rounds: 10 }, 0.02);
}

describe("a ratio", () => {
  it("is within the tolerance where its whole interval is", () => {
    expect(judged(0.98, 1.02)).toBe("within");
  });

  it("is outside where no part of its interval is allowed", () => {
    expect(judged(0.9, 0.97)).toBe("outside");
    expect(judged(1.03, 1.2)).toBe("outside");
  });

  it("is undecided where its interval sticks out, on one side or both", () => {
    expect(judged(0.97, 1)).toBe("undecided");
    expect(judged(0.5, 1.5)).toBe("undecided");
  });

  it("decides by itself where there is no interval", () => {
    expect(judgeRatio({ ratio: 1.01, interval: null, rounds: 2 }, 0.02)).toBe("within");
    expect(judgeRatio({ ratio: 1.03, interval: null, rounds: 2 }, 0.02)).toBe("outside");
  });
});
