import { expect, it } from "vitest";
import { trend } from "../../src/statistics/trend.ts";

it("a steady rise is a trend, with its slope", () => {
  const rise = trend([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  expect(rise.s).toBe(45);
  expect(rise.z).toBeCloseTo(3.9354796403996297, 9);
  expect(rise.p).toBeCloseTo(8.303070332644974e-5, 6);
  expect(rise.slope).toBe(1);
});

it("ties lessen the variance", () => {
  const tied = trend([[3, 1, 2, 2, 5, 4, 4, 6]]);
  expect(tied.s).toBe(16);
  expect(tied.z).toBeCloseTo(1.8848425873126298, 9);
  expect(tied.p).toBeCloseTo(0.05945109331155363, 6);
  expect(tied.slope).toBeCloseTo(0.55, 9);
});

it("constant samples, one and none show no trend", () => {
  expect(trend([[5, 5, 5, 5]])).toEqual({ s: 0, z: 0, p: 1, slope: 0 });
  expect(trend([[5]])).toEqual({ s: 0, z: 0, p: 1, slope: null });
  expect(trend([])).toEqual({ s: 0, z: 0, p: 1, slope: null });
});

it("a step between launches is no drift, the same drift in each is", () => {
  expect(
    trend([
      [10, 10.1, 9.9, 10],
      [12, 11.9, 12.1, 12],
    ]).p,
  ).toBeGreaterThan(0.5);
  expect(
    trend([
      [10, 9.9, 9.8, 9.7, 9.6],
      [12, 11.9, 11.8, 11.7, 11.6],
    ]).p,
  ).toBeLessThan(0.01);
});

it("a long launch is looked at in blocks, with the slope still per sample", () => {
  const falling = trend([Array.from({ length: 20_000 }, (_, index) => 100 - index / 1000)]);
  expect(falling.p).toBeLessThan(1e-6);
  expect(falling.slope).toBeCloseTo(-0.001, 9);
});
