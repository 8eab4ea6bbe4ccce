import { describe, expect, it } from "vitest";
import { differencesOf } from "../../../src/compare/judge/differences.ts";
import { differenceText } from "../../../src/reporters/compare/words/settings.ts";
import { row, type Columns } from "../rows.ts";

const listed = (a: Columns, b: Columns) => differencesOf(row(a), row(b)).map(differenceText);

describe("how several devices share a model", () => {
  it.each([
    [{ split_mode: "layer" }, { split_mode: "row" }, "split_mode: layer / row"],
    [{ main_gpu: 0 }, { main_gpu: 1 }, "main_gpu: 0 / 1"],
    [
      { tensor_split: "1.00/1.00" },
      { tensor_split: "3.00/1.00" },
      "tensor_split: 1.00/1.00 / 3.00/1.00",
    ],
    [{ tensor_split: "0.00" }, { tensor_split: "3.00/1.00" }, "tensor_split: 0.00 / 3.00/1.00"],
  ] as const)("is listed for %j against %j", (a, b, text) => {
    expect(listed(a, b)).toEqual([text]);
  });

  it("is the same for shares in one proportion, and where llama.cpp chooses", () => {
    expect(listed({ tensor_split: "1.00/1.00" }, { tensor_split: "0.50/0.50" })).toEqual([]);
    expect(listed({ tensor_split: "0.00" }, { tensor_split: "0.00/0.00" })).toEqual([]);
  });
});

const layers = (a: number, b: number, more: Columns = {}) =>
  listed({ n_gpu_layers: a, ...more }, { n_gpu_layers: b, ...more });

describe("layers on the GPU", () => {
  it("differ where different parts of one model stay on the CPU", () => {
    expect(layers(10, 25)).toEqual(["n_gpu_layers: 10 / 25"]);
    expect(layers(10, 33)).toEqual(["n_gpu_layers: 10 / 33"]);
    // The output layer stays behind.
    expect(layers(32, 33)).toEqual(["n_gpu_layers: 32 / 33"]);
  });

  it.each([
    [99, 33],
    [-1, 33],
    [-1, 99],
    [10, 10],
  ])("are the same for %d and %d of 32", (a, b) => {
    expect(layers(a, b)).toEqual([]);
  });

  it("are known from the side that says how many the model has", () => {
    expect(listed({ n_gpu_layers: 99, n_layers: null }, { n_gpu_layers: 33 })).toEqual([]);
    expect(layers(10, 25, { n_layers: null })).toEqual(["n_gpu_layers: 10 / 25"]);
  });

  it("are no setting of a machine without a GPU, nor of a case that never ran", () => {
    expect(listed({ n_gpu_layers: 0, backend: "cpu" }, { n_gpu_layers: 33 })).toEqual([]);
    expect(
      listed({ n_gpu_layers: 20, status: "does_not_fit", avg_ts: null }, { n_gpu_layers: 33 }),
    ).toEqual([]);
  });
});

it("an unknown power source differs from none", () => {
  expect(listed({ power_source: "unknown" }, { power_source: "ac" })).toEqual([]);
  expect(listed({ power_source: "battery" }, { power_source: "unknown" })).toEqual([]);
});
