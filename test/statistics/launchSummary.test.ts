import { describe, expect, it } from "vitest";
import { summarize } from "../../src/statistics/launchSummary.ts";
import { normalDeviates } from "./random.ts";

const slower = [70.12, 71.03, 69.88, 70.45, 70.31];
const faster = [72, 71.5, 71.9, 72.2, 71.7];

function width(betweenSd: number): number {
  const ci95 = summarize([slower], betweenSd)?.ci95;
  return (ci95?.high ?? Number.NaN) - (ci95?.low ?? Number.NaN);
}

describe("one launch", () => {
  // Reference values: numpy 1.26 and scipy 1.17.
  it("has the sample standard deviation, median and MAD of its repetitions", () => {
    const summary = summarize([slower]);
    expect(summary?.mean).toBeCloseTo(70.358, 9);
    expect(summary?.sd).toBeCloseTo(0.4322846284567623, 9);
    expect(summary?.sdWithin).toBeCloseTo(0.4322846284567623, 9);
    expect(summary?.median).toBe(70.31);
    expect(summary?.mad).toBeCloseTo(0.19, 9);
    expect(summary?.min).toBe(69.88);
    expect(summary?.max).toBe(71.03);
  });

  it("knows nothing of the spread between launches, and its interval is widened by the assumed 1%", () => {
    const summary = summarize([slower]);
    expect(summary?.sdBetween).toBeNull();
    expect(summary?.basis).toBe("single_launch");
    expect(summary?.ci95?.low).toBeCloseTo(68.8782296001816, 9);
    expect(summary?.ci95?.high).toBeCloseTo(71.83777039981841, 9);
  });

  it("is widened by the machine's own spread where that is known", () => {
    expect(width(0)).toBeCloseTo((2 * 2.7764451051977934 * 0.4322846284567623) / Math.sqrt(5), 9);
    expect(width(0.002)).toBeLessThan(width(0.01));
  });

  it("of constant samples has a spread of zero", () => {
    expect(summarize([[50, 50, 50]])).toMatchObject({ mean: 50, sd: 0, mad: 0, sdWithin: 0 });
  });
});

describe("few samples", () => {
  it("a single sample has no sd and no interval, not 0", () => {
    expect(summarize([[42.5]])).toEqual({
      mean: 42.5,
      sd: null,
      median: 42.5,
      mad: 0,
      min: 42.5,
      max: 42.5,
      sdWithin: null,
      sdBetween: null,
      ci95: null,
      basis: "single_launch",
    });
  });

  it("no samples have no summary, and a launch without samples doesn't count", () => {
    expect(summarize([])).toBeNull();
    expect(summarize([[], []])).toBeNull();
    expect(summarize([slower, []])).toEqual(summarize([slower]));
  });

  it("one sample in each launch gives an interval, and no spread within", () => {
    const summary = summarize([[100], [102]]);
    expect(summary?.sdWithin).toBeNull();
    expect(summary?.sdBetween).toBeCloseTo(Math.SQRT2, 9);
    expect(summary?.ci95?.high).toBeCloseTo(101 + 12.706204736174707, 9);
  });
});

describe("several launches", () => {
  it("far apart give an interval that begins at 0, below which no speed is", () => {
    const ci95 = summarize([[10], [50]])?.ci95;
    expect(ci95?.low).toBe(0);
    expect(ci95?.high).toBeCloseTo(30 + 12.706204736174707 * 20, 9);
  });

  it("part the spread into within and between launches", () => {
    const summary = summarize([slower, faster]);
    expect(summary?.sd).toBeCloseTo(0.8614903107728821, 9);
    expect(summary?.sdWithin).toBeCloseTo(0.3604649774943478, 9);
    expect(summary?.sdBetween).toBeCloseTo(1.049769022213931, 9);
  });

  it("have the interval of the mean over launches", () => {
    const summary = summarize([slower, faster]);
    expect(summary?.basis).toBe("launches");
    expect(summary?.ci95?.low).toBeCloseTo(61.566640243132845, 9);
    expect(summary?.ci95?.high).toBeCloseTo(80.65135975686718, 9);
  });

  it("may differ in their number of repetitions", () => {
    const summary = summarize([[100, 101, 102], [103, 104, 103, 102, 101], [99.5]]);
    expect(summary?.sdWithin).toBeCloseTo(1.0954451150103321, 9);
    expect(summary?.sdBetween).toBeCloseTo(1.3379088160259618, 9);
    expect(summary?.ci95?.low).toBeCloseTo(97.18225215906213, 9);
    expect(summary?.ci95?.high).toBeCloseTo(104.88441450760456, 9);
  });

  it("that agree better than their repetitions show no spread between them", () => {
    expect(
      summarize([
        [99, 101],
        [99, 101],
      ])?.sdBetween,
    ).toBe(0);
  });
});

describe("the interval covers the truth in 90 to 99%", () => {
  const trials = 4000;

  function coverage(launches: number, betweenSd: number, withinSd: number): number {
    const normal = normalDeviates(launches * 1000 + betweenSd * 1e5);
    let covered = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const samples = Array.from({ length: launches }, () => {
        const speed = 100 * (1 + betweenSd * normal());
        return Array.from({ length: 5 }, () => speed * (1 + withinSd * normal()));
      });
      const ci95 = summarize(samples)?.ci95;
      if (ci95 && ci95.low <= 100 && 100 <= ci95.high) covered += 1;
    }
    return covered / trials;
  }

  for (const launches of [2, 3])
    for (const betweenSd of [0.002, 0.005, 0.01])
      it(`${launches} launches, ${betweenSd * 100}% between and 0.3% within`, () => {
        const covered = coverage(launches, betweenSd, 0.003);
        expect(covered).toBeGreaterThan(0.9);
        expect(covered).toBeLessThan(0.99);
      });

  it("one launch, widened by 1%, covers it at least as often where launches differ by no more", () => {
    expect(coverage(1, 0.01, 0.003)).toBeGreaterThan(0.93);
    expect(coverage(1, 0.002, 0.003)).toBeGreaterThan(0.99);
  });
});
