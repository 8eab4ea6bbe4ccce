import { expect, it } from "vitest";
import { normal95, t95 } from "../../src/statistics/studentT.ts";

// scipy 1.17, t.ppf(0.975, df).
const knownAnswers = [
  [1, 12.706204736174694],
  [2, 4.302652729749462],
  [3, 3.1824463052837078],
  [4, 2.7764451051977934],
  [9, 2.262157162798205],
  [29, 2.0452296421327034],
  [99, 1.9842169515864174],
  [999, 1.9623414611334493],
] as const;

it.each(knownAnswers)("at %d degrees of freedom the quantile is %d", (freedom, quantile) => {
  expect(t95(freedom)).toBeCloseTo(quantile, 11);
});

it("the quantile of 2.5 degrees of freedom lies between its neighbours", () => {
  expect(t95(2.5)).toBeLessThan(t95(2));
  expect(t95(2.5)).toBeGreaterThan(t95(3));
});

it("tends to the normal distribution's", () => {
  expect(t95(1e6)).toBeCloseTo(normal95, 5);
});
