import { describe, expect, it } from "vitest";
import { describedMemoryModel } from "../../src/fit/memoryModel.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { unknownDatasheet } from "../../src/predict/datasheet.ts";
import { predictSpeed, speedModels } from "../../src/predict/predictSpeed.ts";
import { addRoofs, RoofsAt, roofsOfRun, theHost, type Roof } from "../../src/predict/roofs.ts";
import { copy, matmulOf, readOf } from "../../src/bench/workload.ts";
import { usualQuestion } from "./usualQuestion.ts";

const roof = (workload: Roof["workload"], value: number, more: Partial<Roof> = {}): Roof => ({
  workload,
  value,
  device: theHost,
  nThreads: 2,
  spoiled: false,
  ...more,
});

const at = (roofs: readonly Roof[]) => new RoofsAt(roofs, { device: theHost, nThreads: 2 });

const parts = (rest: number) =>
  new Map([
    ["q4_0", 10e9],
    ["f32", rest],
  ]);

const sourceOf = (roofs: readonly Roof[], datasheet = unknownDatasheet("cpu", 1)) => ({
  datasheet,
  measured: [],
  published: [],
  roofs: { device: at(roofs), host: null },
});

describe("roofs", () => {
  it("give each type's bytes their own time", () => {
    const both = at([roof(readOf("q4_k"), 10), roof(readOf("q6_k"), 5)]);
    const bytes = new Map([
      ["q4_K", 20e9],
      ["q6_K", 5e9],
    ]);
    expect(both.readSeconds(bytes)).toBeCloseTo(3, 9);
  });

  it("take a small part of unknown types at the pace of the rest, and say nothing of a large one", () => {
    const known = at([roof(readOf("q4_0"), 10)]);
    expect(known.readSeconds(parts(1e9))).toBeCloseTo(1.1, 9);
    expect(known.readSeconds(parts(5e9))).toBeNull();
  });

  it("are of one device, and on the host of so many threads", () => {
    const roofs = [
      roof(readOf("f16"), 10),
      roof(readOf("f16"), 900, { device: "CUDA0", nThreads: null }),
      roof(readOf("f16"), 6, { nThreads: 1 }),
    ];
    const bytes = new Map([["f16", 90e9]]);
    expect(at(roofs).readSeconds(bytes)).toBeCloseTo(9, 9);
    const card = new RoofsAt(roofs, { device: "CUDA0", nThreads: null });
    expect(card.readSeconds(bytes)).toBeCloseTo(0.1, 9);
  });

  it("of products are those of the largest", () => {
    const products = at([roof(matmulOf(4096, "f16"), 2), roof(matmulOf(512, "f16"), 1)]);
    expect(products.multiplySeconds(new Map([["f16", 4e12]]))).toBeCloseTo(2, 9);
  });

  it("of products that nothing held back are those that count, whatever their size", () => {
    const held = roof(matmulOf(4096, "f16"), 0.5, { spoiled: true });
    const products = at([held, roof(matmulOf(512, "f16"), 1)]);
    const operations = new Map([["f16", 4e12]]);
    expect(products.multiplySeconds(operations)).toBeCloseTo(4, 9);
    expect(products.multipliesSpoiled(operations)).toBe(false);
  });

  it("say that something held them back only of the types that it happened to", () => {
    const reads = at([
      roof(readOf("q4_0"), 10),
      roof(readOf("q8_0"), 3, { spoiled: true }),
      roof(copy, 1, { spoiled: true }),
    ]);
    expect(reads.readsSpoiled(new Map([["q4_0", 1e9]]))).toBe(false);
    expect(reads.readsSpoiled(new Map([["q8_0", 1e9]]))).toBe(true);
    // Of all that were measured is made what nobody measured.
    expect(reads.readsSpoiled(new Map([["iq1_s", 1e9]]))).toBe(true);
  });

  it("of a run stand before those that are known besides, whatever their size", () => {
    const known = [roof(matmulOf(4096, "f16"), 2), roof(matmulOf(4096, "q8_0"), 3)];
    const own = [roof(matmulOf(512, "f16"), 1)];
    expect(roofsOfRun(own, known)).toEqual([known[1], own[0]]);
    expect(roofsOfRun([], known)).toEqual(known);
  });

  it("give way to newer ones, but not to what was held back", () => {
    const old = roof(readOf("f16"), 10);
    expect(addRoofs([old], [roof(readOf("f16"), 11)])).toMatchObject([{ value: 11 }]);
    expect(addRoofs([old], [roof(readOf("f16"), 3, { spoiled: true })])).toEqual([old]);
    const held = roof(readOf("f16"), 3, { spoiled: true });
    expect(addRoofs([held], [roof(readOf("f16"), 2, { spoiled: true })])).toMatchObject([
      { value: 2 },
    ]);
  });
});

describe("a prediction where no model was measured", () => {
  const { shape } = resolveModel("tinyllama-1.1b");
  if (shape === null) throw new Error("no shape");
  const types = new Map(
    tensorTable(shape).map(({ name, dims }) => [name, dims.length > 1 ? "q8_0" : "f32"] as const),
  );
  const model = describedMemoryModel(shape, "q8_0", types);
  const question = { ...usualQuestion, model, quantization: "q8_0", nGpuLayers: 0 } as const;
  const rangesBy = (type: string) => {
    const source = sourceOf([roof(readOf(type), 10), roof(matmulOf(4096, type), 0.1)]);
    const { decode, prefill } = predictSpeed(question, speedModels(source)) ?? {};
    return [decode, prefill].map((told) => (told?.high ?? 0) / (told?.low ?? 1));
  };
  const predicted = (gbps: number) =>
    predictSpeed(question, speedModels(sourceOf([roof(readOf("q8_0"), gbps)])));

  it("reads the model's bytes at the pace of its types", () => {
    const slow = predicted(10);
    expect(slow?.basis).toBe("roofline");
    expect(slow?.pp_ts).toBeNull();
    // 1.10 GB a token without the embeddings, and a little for each layer.
    expect(slow?.tg_ts).toBeGreaterThan(8);
    expect(slow?.tg_ts).toBeLessThan(10 / 1.09);
    expect((predicted(20)?.tg_ts ?? 0) / (slow?.tg_ts ?? 1)).toBeGreaterThan(1.9);
    expect(slow?.low).toBeLessThan(slow?.tg_ts ?? 0);
    expect(slow?.high).toBeGreaterThan(slow?.tg_ts ?? Infinity);
  });

  it("takes longer for the cache than for weights, where the machine's kind does", () => {
    const roofs = [roof(readOf("q8_0"), 10), roof(readOf("f16"), 10)];
    const seconds = (nDepth: number, flashAttention: boolean) => {
      const asked = { ...question, nGpuLayers: 23, nDepth, flashAttention };
      const source = sourceOf(roofs, unknownDatasheet("metal", 1));
      return 1 / (predictSpeed(asked, speedModels(source))?.tg_ts ?? Number.NaN);
    };
    // 16384 cells of 22 layers, keys and values of 4 heads of 64 in halves.
    const cache = (16_384 * 22 * 2 * 4 * 64 * 2) / 10e9;
    expect((seconds(16_384, true) - seconds(0, true)) / cache).toBeGreaterThan(1.3);
    expect((seconds(16_384, true) - seconds(0, true)) / cache).toBeLessThan(1.7);
    expect(seconds(16_384, false)).toBeGreaterThan(seconds(16_384, true));
  });

  it("is far less sure where nobody measured its types", () => {
    const [told, guessed] = [rangesBy("q8_0"), rangesBy("f16")];
    expect(guessed[0]).toBeGreaterThan(3 * (told[0] ?? Infinity));
    expect(guessed[1]).toBeGreaterThan(3 * (told[1] ?? Infinity));
  });

  it("multiplies at the pace of its types", () => {
    const roofs = [roof(readOf("q8_0"), 10), roof(matmulOf(4096, "q8_0"), 0.1)];
    const { pp_ts } = predictSpeed(question, speedModels(sourceOf(roofs))) ?? { pp_ts: null };
    // 0.97e9 weights in the layers, two operations each.
    expect(pp_ts).toBeLessThan(0.1e12 / 1.93e9);
    expect(pp_ts).toBeGreaterThan(0.6 * (0.1e12 / 1.93e9));
  });
});
