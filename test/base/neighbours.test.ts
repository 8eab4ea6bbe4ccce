import { expect, it } from "vitest";
import { neighbours } from "../../src/base/neighbours.ts";

it("items of one key stand together as far as they stand side by side", () => {
  const runs = neighbours([1, 3, 2, 4, 5], (value) => value % 2);
  expect(runs).toEqual([
    [1, [1, 3]],
    [0, [2, 4]],
    [1, [5]],
  ]);
  expect(neighbours([], String)).toEqual([]);
});
