import { describe, expect, it } from "vitest";
import { isMeasured } from "../../src/bench/record.ts";
import { machinesOf } from "../../src/compare/machines.ts";
import { sideNames, type Pair } from "../../src/compare/comparison.ts";
import { pairJson } from "../../src/reporters/compare/contract.ts";
import { compareRows, misfit, row } from "./rows.ts";

const mac = { machine: "mac", backend: "metal" } as const;

const baseline = (named: string | null) =>
  compareRows([[row()], [row(mac)]], { baseline: named }).machines[0].label;

describe("machines", () => {
  it("are one for each name in each file; equal names are told apart", () => {
    const files = [
      { file: "a.csv", cases: [row(), row({ machine: "mac" })] },
      { file: "b.csv", cases: [row()] },
      { file: "c.csv", cases: [row()] },
    ];
    expect(machinesOf(files).map(({ label }) => label)).toEqual(["rtx", "mac", "rtx#2", "rtx#3"]);
  });

  it("are refused below two, and the message says what is there", () => {
    expect(() => compareRows([[row()]])).toThrow(/only rtx is there/);
    expect(() => compareRows([[]])).toThrow(/no rows/);
  });

  it("have as baseline the first, or the one named by label or file", () => {
    expect([baseline(null), baseline("mac"), baseline("1.csv")]).toEqual(["rtx", "mac", "mac"]);
    expect(() => baseline("mca")).toThrow(/did you mean mac/);
  });
});

type Given = Parameters<typeof row>[0];

const valuesOf = (pair: Pair) =>
  sideNames.map((side) => {
    const { record } = pair[side];
    return isMeasured(record) ? record.summary.mean : null;
  });

const pairsOf = (a: readonly Given[], b: readonly Given[]) =>
  compareRows([a.map((given) => row(given)), b.map((given) => row({ ...mac, ...given }))]).pairs;

describe("cases", () => {
  it("are paired by model, quantization and test", () => {
    const a = [{ test: "tg128" }, { test: "tg128", quantization: "q8_0" }, { model: "x" }];
    const b = [{ test: "tg128" }, { test: "tg128 @ d4096" }, { model: "y" }];
    const found = pairsOf(a, b).map((pair) => [pair.model.id, pair.model.quantization, pair.test]);
    expect(found).toEqual([["llama-2-7b", "q4_0", "tg128"]]);
  });

  it("make one pair for each other machine", () => {
    const { pairs: found } = compareRows([[row()], [row(mac)], [row()]]);
    expect(found.map((pair) => pairJson(pair).other)).toEqual(["mac", "rtx#2"]);
  });

  it("of tests that nobody knows are never paired, and kept apart", () => {
    const later = { test: "session agent", n_prompt: 0, n_gen: 0 };
    const { pairs, unpaired, unknown } = compareRows([
      [row(), row(later)],
      [row(mac), row({ ...mac, ...later })],
    ]);
    expect(pairs.map(({ test }) => test)).toEqual(["tg128"]);
    expect(unpaired).toEqual([]);
    expect(unknown.map(({ machine, cases }) => [machine.label, cases.length])).toEqual([
      ["rtx", 1],
      ["mac", 1],
    ]);
  });

  it("without a counterpart are kept apart", () => {
    const { unpaired } = compareRows([[row(), row({ model: "x" })], [row(mac)]]);
    expect(unpaired.map(({ machine, cases }) => [machine.label, cases[0]?.model.id])).toEqual([
      ["rtx", "x"],
    ]);
  });

  it("of one model stand in for one other of its shape, not for two", () => {
    const found = pairsOf(
      [{ model: "llama-3-70b" }, { model: "llama-3.3-70b" }],
      [{ model: "llama-3.1-70b" }],
    );
    expect(found.map(({ model }) => model.id)).toEqual(["llama-3-70b"]);
  });

  it("of a model of the same shape stand in where the model itself is missing, and it is said", () => {
    const [pair] = pairsOf([{ model: "llama-3-8b" }], [{ model: "llama-3.1-8b" }]);
    expect(pair?.differences).toContainEqual({
      setting: "model",
      baseline: "llama-3-8b",
      other: "llama-3.1-8b",
    });
    expect(pairsOf([{ model: "llama-3-8b" }], [{ model: "llama-3-70b" }])).toEqual([]);
  });

  it("of several settings are matched with their like", () => {
    const a = [
      { flash_attn: 0, avg_ts: 90 },
      { flash_attn: 1, avg_ts: 100 },
    ];
    const [pair] = pairsOf(a, [{ flash_attn: 0, avg_ts: 50 }]);
    expect(pair && valuesOf(pair)).toEqual([90, 50]);
    expect(pair?.differences).toEqual([]);
  });

  it("of settings that nowhere agree are each machine's best", () => {
    const a = [
      { type_k: "f16", avg_ts: 90 },
      { type_k: "f16", avg_ts: 100 },
    ];
    const [pair] = pairsOf(a, [{ type_k: "q8_0", avg_ts: 50 }]);
    expect(pair && valuesOf(pair)).toEqual([100, 50]);
    expect(pair?.verdict.kind).toBe("incomparable");
  });

  it("that ran on the CPU stand for those that don't fit the GPU", () => {
    const cpu = row({ ...mac, n_gpu_layers: 0, avg_ts: 3.11 });
    const { pairs: found } = compareRows([[misfit(mac), cpu], [row()]]);
    expect(found.map(pairJson)[0]).toMatchObject({
      verdict: "only_one_on_gpu",
      results: [{ placement: "cpu", avg_ts: 3.11 }, { placement: "gpu" }],
    });
  });
});

describe("placement", () => {
  it.each([
    [{ n_gpu_layers: 33, n_layers: 32 }, "gpu"],
    [{ n_gpu_layers: 32, n_layers: 32 }, "gpu+cpu"],
    [{ n_gpu_layers: 0, n_layers: 32 }, "cpu"],
    [{ n_gpu_layers: 33, n_layers: 32, backend: "cpu" }, "cpu"],
    [{ n_gpu_layers: 33, n_layers: 32, n_cpu_moe: 4 }, "gpu+cpu"],
    [{ n_gpu_layers: -1, n_layers: null }, "gpu"],
    [{ n_gpu_layers: 99, n_layers: null }, "gpu"],
    [{ n_gpu_layers: 33, n_layers: null }, null],
    [{ n_gpu_layers: null }, null],
  ] as const)("of %j is %s", (given, expected) => {
    const { pairs } = compareRows([[row(given)], [row(mac)]]);
    expect(pairs.map((pair) => pairJson(pair).results[0]?.placement)).toEqual([expected]);
  });
});
