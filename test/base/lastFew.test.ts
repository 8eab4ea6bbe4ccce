import { expect, it } from "vitest";
import { LastFew } from "../../src/base/lastFew.ts";

it("what was kept last is found again, and the oldest gives way to a fifth", () => {
  const few = new LastFew<string>();
  expect(few.items).toEqual([]);
  for (const item of ["a", "b", "c", "d"]) expect(few.keep(item)).toBe(item);
  expect(few.items).toEqual(["a", "b", "c", "d"]);
  few.keep("e");
  few.keep("f");
  expect(new Set(few.items)).toEqual(new Set(["c", "d", "e", "f"]));
});
