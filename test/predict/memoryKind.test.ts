import { expect, it } from "vitest";
import { unknownDatasheet } from "../../src/predict/datasheet.ts";
import { hasCudaGraphs, isHalved, memoryKindOf, warpShare } from "../../src/predict/memoryKind.ts";

const chip = (name: string) => ({ ...unknownDatasheet("cuda"), chip: name });

it.each([
  "a100-sxm4-80gb",
  "a100-pcie",
  "h100",
  "h200",
  "b200",
  "tesla-v100-sxm2",
  "instinct-mi300x",
])("%s has stacked memory", (name) => {
  expect(memoryKindOf(chip(name))).toBe("stacked");
});

it.each(["rtx-4090", "rtx-a6000", "l40s", "a40", "rx-7900-xtx", "arc-b580", "tesla-p40"])(
  "%s has graphics memory",
  (name) => {
    expect(memoryKindOf(chip(name))).toBe("graphics");
  },
);

it("memory that a CPU has a part in is shared", () => {
  expect(memoryKindOf({ ...chip("gb10"), unified: true })).toBe("shared");
});

it.each([
  ["rtx-3060", true],
  ["rtx-5070-ti", true],
  ["rtx-4080-super", true],
  ["rtx-4090-laptop", true],
  ["rtx-4000-ada", false],
  ["rtx-a6000", false],
  ["rtx-pro-6000-blackwell", false],
  ["gtx-1080-ti", false],
  ["a100-pcie", false],
])("FP32 sums of %s run at half the rate of its matrix units: %s", (name, halved) => {
  expect(isHalved(chip(name))).toBe(halved);
});

it.each([
  ["gtx-1080-ti", false],
  ["rtx-2080", false],
  ["rtx-2080-ti", false],
  ["tesla-v100", false],
  ["tesla-t4", false],
  ["tesla-p40", false],
  ["rtx-3060", true],
  ["rtx-4000-ada", true],
  ["a100-pcie", true],
  ["l4", true],
])("llama.cpp captures graphs on %s: %s", (name, captures) => {
  expect(hasCudaGraphs(chip(name))).toBe(captures);
});

it("Hopper's and the newer server chips' instructions of single warps reach a part of their rate", () => {
  expect(["h100", "b200", "a100-pcie", "rtx-5090"].map((name) => warpShare(chip(name)))).toEqual([
    0.63, 0.63, 1, 1,
  ]);
});
