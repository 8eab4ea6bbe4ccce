import { assert, integer, property } from "fast-check";
import { expect, it } from "vitest";
import { lastHolding } from "../../src/fit/lastHolding.ts";

const numbers = integer({ min: 0, max: 200 });

it("finds the last, wherever it begins to look", () => {
  assert(
    property(numbers, numbers, numbers, (high, last, guess) => {
      const found = lastHolding({ low: 0, high }, guess, (n) => n <= last);
      expect(found).toBe(Math.min(last, high));
    }),
  );
});

it("asks only a few times where the guess is near", () => {
  let asked = 0;
  lastHolding({ low: 0, high: 81 }, 44, (n) => {
    asked += 1;
    return n <= 43;
  });
  expect(asked).toBeLessThanOrEqual(3);
});
