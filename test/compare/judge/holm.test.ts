import { describe, expect, it } from "vitest";
import { holm } from "../../../src/compare/judge/holm.ts";

describe("Holm's correction", () => {
  it.each([
    [
      [0.01, 0.04, 0.03, 0.005],
      [true, false, false, true],
    ],
    [
      [0.01, 0.013, 0.014, 0.19],
      [true, true, true, false],
    ],
    [
      [0.02, 0.02, 0.02],
      [false, false, false],
    ],
    [[0.05], [true]],
    [[], []],
  ])("of %j keeps %j", (ps, kept) => {
    expect(holm(ps)).toEqual(kept);
  });
});
