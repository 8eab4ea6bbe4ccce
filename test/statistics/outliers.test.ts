import { expect, it } from "vitest";
import { modifiedZScores, outliers } from "../../src/statistics/outliers.ts";
import { normalDeviates } from "./random.ts";

it("the score is 0.6745 deviations from the median in MADs", () => {
  // Median 3, MAD 1.
  expect(modifiedZScores([1, 2, 3, 4, 13])[4]).toBeCloseTo(6.745, 9);
});

it("one sample apart is an outlier, on either side", () => {
  expect(outliers([100, 101, 99, 100.5, 60])).toEqual([4]);
  expect(outliers([140, 101, 99, 100.5, 100])).toEqual([0]);
});

it("noisy samples without a stray one have none", () => {
  expect(outliers([100, 103, 97, 101, 99, 104, 96])).toEqual([]);
});

it("constant samples, two, one and none have none", () => {
  for (const samples of [[5, 5, 5, 5], [1, 9], [1], []]) expect(outliers(samples)).toEqual([]);
});

it("where most samples are equal the mean deviation stands in for the MAD", () => {
  expect(outliers([50, 50, 50, 50, 50, 50, 50, 50, 90])).toEqual([8]);
  expect(outliers([50, 50, 50, 51])).toEqual([]);
});

it.each([3, 5, 8, 10, 20, 50])(
  "of %d normal samples, some stand apart in 3% of series at most",
  (n) => {
    const normal = normalDeviates(n);
    const series = Array.from({ length: 2000 }, () => Array.from({ length: n }, normal));
    const found = series.filter((samples) => outliers(samples).length > 0);
    expect(found.length / series.length).toBeLessThan(0.03);
  },
);
