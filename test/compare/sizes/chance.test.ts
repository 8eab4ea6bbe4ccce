import { array, assert, double, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { chanceOfLeast, chanceOfLess } from "../../../src/compare/sizes/chance.ts";

const around = (centre: number, below: number, above: number) => ({
  centre,
  low: centre / (1 + below),
  high: centre * (1 + above),
});

const estimate = tuple(
  double({ min: 0.1, max: 100, noNaN: true }),
  double({ min: 0.01, max: 2, noNaN: true }),
  double({ min: 0.01, max: 2, noNaN: true }),
).map(([centre, below, above]) => around(centre, below, above));

describe("the chance to take less time", () => {
  it("is nine tenths where one range ends at the centre of a sure other one", () => {
    expect(chanceOfLess(around(1, 0.5, 0.5), around(1.5, 0, 0))).toBeCloseTo(0.9, 6);
    expect(chanceOfLess(around(1.5, 0, 0), around(1, 0.5, 0.5))).toBeCloseTo(0.1, 6);
  });

  it("is one half of equals, and certain of those without a range", () => {
    expect(chanceOfLess(around(2, 0.3, 0.1), around(2, 0.1, 0.4))).toBe(0.5);
    expect(chanceOfLess(around(1, 0, 0), around(2, 0, 0))).toBe(1);
  });

  it("of the one and of the other add up to 1", () => {
    assert(
      property(estimate, estimate, (a, b) => {
        expect(chanceOfLess(a, b) + chanceOfLess(b, a)).toBeCloseTo(1, 6);
      }),
    );
  });

  it("falls as ranges widen", () => {
    assert(
      property(estimate, estimate, double({ min: 1, max: 5, noNaN: true }), (a, b, factor) => {
        const wide = ({ centre, low, high }: typeof a) => ({
          centre,
          low: centre / (centre / low) ** factor,
          high: centre * (high / centre) ** factor,
        });
        const [first, second] = a.centre <= b.centre ? [a, b] : [b, a];
        expect(chanceOfLess(wide(first), wide(second))).toBeLessThanOrEqual(
          chanceOfLess(first, second) + 1e-9,
        );
      }),
    );
  });

  it("against several is no more than against any one of them", () => {
    assert(
      property(estimate, array(estimate, { minLength: 1, maxLength: 5 }), (one, others) => {
        const chance = chanceOfLeast(one, others);
        for (const other of others)
          expect(chance).toBeLessThanOrEqual(chanceOfLess(one, other) + 1e-9);
        expect(chance).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
