import { describe, expect, it } from "vitest";
import { decimalMarkOf, plainNumber } from "../../../src/results/foreign/localNumber.ts";

describe("the mark before decimals", () => {
  it.each([
    [["186,5", "x"], ","],
    [["3,56 GiB", "1.234"], ","],
    [["1.234,5"], ","],
    [["186.5"], "."],
    [["1,234.5"], "."],
    [["1.234", "1,234", "12"], null],
    [["AMD Ryzen 9 @ 3.60 GHz", "CUDA0,1"], null],
    [[186.5, null], null],
  ])("of %j is %j", (cells, mark) => {
    expect(decimalMarkOf(cells)).toBe(mark);
  });
});

describe("a number", () => {
  it.each([
    ["11992.70", null, "11992.70"],
    ["11,992.70", null, "11992.70"],
    ["11.992,70", null, "11992.70"],
    ["11992,70", null, "11992.70"],
    ["3.825.065.984", null, "3825065984"],
    ["3,825,065,984", null, "3825065984"],
    ["-0,5", null, "-0.5"],
    ["6,74E+09", null, "6.74E+09"],
    ["1.234", null, "1.234"],
    ["1.234", ".", "1.234"],
    ["1.234", ",", "1234"],
    ["1,234", ",", "1.234"],
  ] as const)("%s beside marks %j is %s", (text, mark, number) => {
    expect(plainNumber(text, mark)).toBe(number);
  });

  it.each(["1,234", "1.234,567.8", "1,23,4", "1.2.3", "OOM", "", ",", "12 t/s"])(
    "%s is none, or could be two",
    (text) => {
      expect(plainNumber(text, null)).toBeNull();
    },
  );
});
