import { assert, integer, property } from "fast-check";
import { expect, it } from "vitest";
import { largestContext } from "../../src/fit/largestContext.ts";

const holdsTo = (limit: number) => (nCtx: number) => nCtx <= limit;

it("is the training context where that holds", () => {
  expect(largestContext(4096, holdsTo(9999), holdsTo(9999))).toBe(4096);
  expect(largestContext(200, holdsTo(9999), holdsTo(9999))).toBe(200);
});

it("is null where the smallest doesn't hold", () => {
  expect(largestContext(4096, holdsTo(100), holdsTo(100))).toBeNull();
});

it("is the last that holds exactly, however far the quick answer is off", () => {
  const contexts = integer({ min: 1, max: 140_000 });
  assert(
    property(contexts, contexts, (limit, guess) => {
      const found = largestContext(131_072, holdsTo(guess), holdsTo(limit));
      if (guess < 256 || guess >= 131_072) return;
      const last = Math.min(Math.floor(limit / 256) * 256, 131_072 - 256);
      expect(found).toBe(last === 0 ? null : last);
    }),
  );
});
