import { describe, expect, it } from "vitest";
import { measuredCells } from "../../../../../src/reporters/compare/figures/map/measuredCells.ts";
import { compareRows, misfit, row, steady } from "../../../../compare/rows.ts";

const written = (...files: Parameters<typeof compareRows>[0]) =>
  measuredCells(compareRows(files), "dense", { kind: "writing" }).map(({ model, winner }) => [
    model,
    winner,
  ]);

describe("models that were measured writing", () => {
  it("have the winner among all machines, whichever of them is the baseline", () => {
    const a = [row({ machine: "a", ...steady(50) })];
    const b = [row({ machine: "b", ...steady(70) })];
    const c = [row({ machine: "c", ...steady(90) })];
    for (const files of [
      [a, b, c],
      [c, a, b],
      [b, c, a],
    ])
      expect(written(...files)).toEqual([["llama-2-7b q4_0", "c"]]);
  });

  it("have none where the fastest two can't be told apart", () => {
    const files = [50, 90, 90.5].map((speed, i) => [row({ machine: `m${i}`, ...steady(speed) })]);
    expect(written(...files)).toEqual([["llama-2-7b q4_0", null]]);
  });

  it("are left out where a machine has no value of them", () => {
    const [a, b] = [[row({ machine: "a" })], [row({ machine: "b" })]];
    expect(written(a, b, [misfit({ machine: "c" })])).toEqual([]);
    expect(written(a, b, [row({ machine: "c", model: "llama-2-13b" })])).toEqual([]);
  });

  it("are judged as their pair is where there are two machines", () => {
    const warned = row({ machine: "b", ...steady(200), warnings: ["memory_spill"] });
    expect(written([row({ machine: "a" })], [warned])).toEqual([["llama-2-7b q4_0", null]]);
  });
});
