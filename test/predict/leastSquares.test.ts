import { describe, expect, it } from "vitest";
import { fitCoefficients } from "../../src/predict/leastSquares.ts";

const unknown = { value: 1, relativeError: Number.POSITIVE_INFINITY };

describe("fitCoefficients", () => {
  it("finds the coefficients that rows were made from, where nothing was known before", () => {
    const observations = [
      [2, 10],
      [3, 1],
      [1, 7],
    ].map(([a = 0, b = 0]) => ({ features: [a, b], target: 5 * a + 0.25 * b }));
    const [a, b] = fitCoefficients(observations, [unknown, unknown]);
    expect(a).toBeCloseTo(5, 9);
    expect(b).toBeCloseTo(0.25, 9);
  });

  it("weighs relative errors: slow and fast rows count alike", () => {
    const observations = [
      { features: [1], target: 1 },
      { features: [1000], target: 1100 },
    ];
    // Least squares of relative errors: (1 + 1/1.1) / (1 + 1/1.1²).
    expect(fitCoefficients(observations, [unknown])[0]).toBeCloseTo(
      (1 + 1 / 1.1) / (1 + 1 / 1.21),
      9,
    );
  });

  it("keeps what was known where no row tells", () => {
    const known = { value: 3, relativeError: 0.1 };
    expect(fitCoefficients([{ features: [1, 0], target: 2 }], [unknown, known])[1]).toBe(3);
    expect(fitCoefficients([], [unknown, known])).toEqual([1, 3]);
  });

  it("shares one row out by how well each coefficient was known", () => {
    const observations = [{ features: [1, 1], target: 4 }];
    const [sure = 0, unsure = 0] = fitCoefficients(observations, [
      { value: 1, relativeError: 0.05 },
      { value: 1, relativeError: 2 },
    ]);
    expect(sure + unsure).toBeCloseTo(4, 1);
    expect(sure).toBeLessThan(1.01);
  });

  it("never goes below a bound, and gives the rest to the others", () => {
    const observations = [
      { features: [1, 1], target: 1 },
      { features: [1, 3], target: 1 },
    ];
    const bounded = { value: 1, relativeError: Number.POSITIVE_INFINITY, least: 0.1 };
    const [first = 0, second] = fitCoefficients(observations, [unknown, bounded]);
    expect(second).toBeCloseTo(0.1, 12);
    expect(first).toBeCloseTo(0.8, 9);
  });

  it("lets rows that contradict each other count less against what was known", () => {
    const known = { value: 1, relativeError: 0.1 };
    const agreeing = [2, 2].map((target) => ({ features: [1], target }));
    const contradicting = [1, 4].map((target) => ({ features: [1], target }));
    expect(fitCoefficients(agreeing, [known])[0]).toBeGreaterThan(1.9);
    expect(fitCoefficients(contradicting, [known])[0]).toBeLessThan(1.2);
  });
});
