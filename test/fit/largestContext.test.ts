import { assert, integer, property } from "fast-check";
import { expect, it } from "vitest";
import { largestContext } from "../../src/fit/largestContext.ts";

const holdsTo = (limit: number) => (nCtx: number) => nCtx <= limit;
const roomTo = (limit: number) => (nCtx: number) => limit - nCtx;

it("is the training context where that holds", () => {
  expect(largestContext({ trained: 4096, asked: 512 }, roomTo(9999), holdsTo(9999))).toBe(4096);
  expect(largestContext({ trained: 200, asked: 512 }, roomTo(9999), holdsTo(9999))).toBe(200);
});

it("is null where the smallest doesn't hold", () => {
  expect(largestContext({ trained: 4096, asked: 512 }, roomTo(100), holdsTo(100))).toBeNull();
});

it.each([
  ["in a line", roomTo],
  ["ever faster", (limit: number) => (nCtx: number) => limit ** 3 - nCtx ** 3],
  ["all at once", (limit: number) => (nCtx: number) => (nCtx <= limit ? 1e12 : -1)],
])("is the last that holds exactly, however far the room is off, shrinking %s", (_, room) => {
  const contexts = integer({ min: 1, max: 140_000 });
  assert(
    property(contexts, contexts, contexts, (limit, guess, asked) => {
      const found = largestContext({ trained: 131_072, asked }, room(guess), holdsTo(limit));
      if (guess < 256 || guess >= 131_072) return;
      const last = Math.min(Math.floor(limit / 256) * 256, 131_072 - 256);
      expect(found).toBe(last === 0 ? null : last);
    }),
  );
});

it("asks for the room of few contexts where it shrinks in a line", () => {
  let asked = 0;
  const room = (nCtx: number) => {
    asked += 1;
    return 77_777 - nCtx;
  };
  expect(largestContext({ trained: 131_072, asked: 4096 }, room, holdsTo(77_777))).toBe(77_568);
  expect(asked).toBeLessThanOrEqual(6);
});
