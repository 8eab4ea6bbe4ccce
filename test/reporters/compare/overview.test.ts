import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../src/compare/comparison.ts";
import { overviewOf } from "../../../src/reporters/compare/overview.ts";
import { pairColumns } from "../../../src/reporters/compare/pairColumns.ts";
import { compareRows, gib, mac, misfit, row } from "../../compare/rows.ts";

const told = ({ pairs, machines }: Comparison) =>
  overviewOf(pairs, machines).map(({ tests, leftOut, cells }) => ({
    tests,
    leftOut,
    cells: cells.map(({ text }) => text),
  }));

const fast = { samples_ts: [200, 200.2, 199.8], avg_ts: 200 };
const slow = { samples_ts: [50, 50.1, 49.9], avg_ts: 50 };

describe("a span of the overview", () => {
  it("is of tests that both ran, and counts the others", () => {
    const both = compareRows([
      [row({ ...mac, ...fast }), row({ ...mac, ...slow, test: "tg8192" })],
      [row(), misfit({ test: "tg8192" })],
    ]);
    expect(told(both)).toEqual([{ tests: "tg128", leftOut: 1, cells: ["200", "100"] }]);
  });

  it("is of all tests where only one machine ran any", () => {
    const one = compareRows([
      [row({ ...mac, ...fast }), row({ ...mac, ...slow, test: "tg8192" })],
      [misfit(), misfit({ test: "tg8192" })],
    ]);
    expect(told(one)).toEqual([
      { tests: "tg128, tg8192", leftOut: 0, cells: ["50.0–200", "does not fit"] },
    ]);
  });
});

describe("the title of a verdict", () => {
  it("names the machine that has all on its GPU, and who is faster all the same", () => {
    const large = { n_layers: 80, weights_bytes: 38 * gib } as const;
    const comparison = compareRows([
      [row({ ...mac, ...large, ...slow, n_gpu_layers: 81 })],
      [row({ ...large, ...fast, n_gpu_layers: 40 })],
    ]);
    const [pair] = comparison.pairs;
    const verdict = pairColumns(comparison).find(({ heading }) => heading === "verdict");
    if (pair === undefined || verdict === undefined) throw new Error("there is one pair");
    expect(verdict.text(pair)).toBe("only one on its GPU: mac; rtx faster");
  });
});
