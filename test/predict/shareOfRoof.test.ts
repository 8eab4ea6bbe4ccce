import { describe, expect, it } from "vitest";
import type { DeviceBuffers } from "../../src/bench/memoryUse.ts";
import type { CaseRecord } from "../../src/bench/record.ts";
import { matmulOf, readOf } from "../../src/bench/workload.ts";
import { describedMemoryModel, type MemoryModel } from "../../src/fit/memoryModel.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { theHost, type Roof } from "../../src/predict/roofs.ts";
import { shareOfRoof } from "../../src/predict/shareOfRoof.ts";
import type { CaseRow } from "../../src/results/columns/columns.ts";
import { caseOf, tested } from "../results/rows.ts";

/** Matrices of one type, and vectors of floats. */
function modelOf(id: string): MemoryModel {
  const { shape } = resolveModel(id);
  if (shape === null) throw new Error("no shape");
  const types = new Map(
    tensorTable(shape).map(({ name, dims }) => [name, dims.length > 1 ? "q8_0" : "f32"] as const),
  );
  return describedMemoryModel(shape, "q8_0", types);
}

const model = modelOf("tinyllama-1.1b");

function measured(
  lengths: Parameters<typeof tested>[0],
  avg_ts: number,
  rest: Partial<CaseRow> = {},
): CaseRecord {
  return caseOf({
    status: "measured",
    backend: "cpu",
    model: "tinyllama-1.1b",
    quantization: "q8_0",
    weights_bytes: model.weightsBytes,
    n_layers: 22,
    n_gpu_layers: 0,
    n_devices: 1,
    split_mode: "layer",
    n_threads: 2,
    n_batch: 2048,
    n_ubatch: 512,
    type_k: "f16",
    type_v: "f16",
    flash_attn: 1,
    ...tested(lengths),
    avg_ts,
    ...rest,
  });
}

const roof = (workload: Roof["workload"], value: number, device = theHost): Roof => ({
  workload,
  value,
  device,
  nThreads: device === theHost ? 2 : null,
  spoiled: false,
});

const reads = (device = theHost) => [
  roof(readOf("q8_0"), 10, device),
  roof(readOf("f16"), 20, device),
];

const decode = (rest: Partial<CaseRow> = {}, depth = 0) =>
  measured({ n_gen: 128, n_depth: depth }, 5, rest);

/** Of a token's time at 5 t/s. */
const seconds = 0.2;

const outputAndLayers = model.weightsBytes - (32_000 * 2048 * 34) / 32;
/** Keys and values of 4 heads of 64 in 22 layers, in halves. */
const kvOfCells = (cells: number) => cells * 22 * 2 * 4 * 64 * 2;

/** Seconds of a token at depth that go to its cache. */
function ofCache(typeV: string): number {
  const share = shareOfRoof(decode({ type_v: typeV }, 16_384), model, reads(), null) ?? 0;
  return share * seconds - outputAndLayers / 10e9;
}

describe("the share of the roof of a decode row", () => {
  it("is what reading its weights and its cache would take, of what it took", () => {
    // 128 tokens see 64.5 cells on average: those before them, and themselves.
    const least = outputAndLayers / 10e9 + kvOfCells(64.5) / 20e9;
    expect(shareOfRoof(decode(), model, reads(), null)).toBeCloseTo(least / seconds, 4);
  });

  it("counts the whole cache at depth, keys and values each in their own type", () => {
    const half = kvOfCells(16_384 + 64.5) / 2;
    expect(ofCache("f16")).toBeCloseTo((2 * half) / 20e9, 4);
    expect(ofCache("q8_0")).toBeCloseTo(half / 20e9 + (half * 34) / 64 / 10e9, 4);
  });

  it("counts of experts those that a token goes through", () => {
    const mixture = modelOf("qwen3-30b-a3b");
    const record = decode({ model: "qwen3-30b-a3b", n_layers: 48 });
    const share = shareOfRoof(record, mixture, reads(), null) ?? 0;
    // 3.3 of 30.5 billion weights.
    expect((share * seconds * 10e9) / ((3.3e9 * 34) / 32)).toBeGreaterThan(0.85);
    expect((share * seconds * 10e9) / ((3.3e9 * 34) / 32)).toBeLessThan(1.05);
  });

  it("is empty of weights that caches may hold", () => {
    const small = modelOf("toy-24m");
    expect(shareOfRoof(decode({ model: "toy-24m" }), small, reads(), null)).toBeNull();
  });

  it("is empty where no roof is of its threads, or of most of its types", () => {
    expect(shareOfRoof(decode({ n_threads: 1 }), model, reads(), null)).toBeNull();
    expect(shareOfRoof(decode(), model, [roof(readOf("f16"), 20)], null)).toBeNull();
    expect(shareOfRoof(decode(), null, reads(), null)).toBeNull();
  });
});

const holding = (device: string, weightsBytes: number): DeviceBuffers => ({
  device,
  weightsBytes,
  weightsMappedBytes: 0,
  weightsRepackedBytes: 0,
  kvBytes: 0,
  stateBytes: 0,
  computeBytes: 0,
  outputBytes: 0,
});

const onCards = { backend: "cuda", n_gpu_layers: 23, n_devices: 2 } as const;

const spread = (record: CaseRecord, ...buffers: readonly DeviceBuffers[]): CaseRecord => ({
  ...record,
  buffers: [...buffers, holding(theHost, 70e6)],
});

const cards = [
  roof(readOf("q8_0"), 100, "CUDA0"),
  roof(readOf("q8_0"), 50, "CUDA1"),
  roof(matmulOf(4096, "q8_0"), 100, "CUDA0"),
  roof(matmulOf(4096, "q8_0"), 50, "CUDA1"),
];

const prompt = (n_prompt: number) =>
  spread(measured({ n_prompt }, 1000, onCards), holding("CUDA0", 4e8), holding("CUDA1", 4e8));

const part = (record: CaseRecord, roofs: readonly Roof[] = cards) =>
  shareOfRoof(record, model, roofs, "CUDA0");

describe("the share of the roof of a row on GPUs", () => {
  it("is of the devices that hold the model, each with its part", () => {
    const whole = part(spread(decode(onCards), holding("CUDA0", 8e8))) ?? 0;
    expect(whole).toBeGreaterThan(0);
    expect(part(spread(decode(onCards), holding("CUDA1", 8e8)))).toBeCloseTo(2 * whole, 6);
    const both = spread(decode(onCards), holding("CUDA0", 6e8), holding("CUDA1", 2e8));
    expect(part(both)).toBeCloseTo(1.25 * whole, 6);
    expect(part(both, cards.slice(0, 1))).toBeNull();
  });

  it("is empty with anything of the model on the CPU", () => {
    const one = holding("CUDA0", 8e8);
    expect(part(spread(decode({ ...onCards, n_gpu_layers: 22 }), one))).toBeNull();
    expect(part(spread(decode({ ...onCards, n_cpu_moe: 2 }), one))).toBeNull();
    expect(part(spread(decode({ ...onCards, no_kv_offload: 1 }), one))).toBeNull();
    const placed = decode({ ...onCards, tensor_overrides: "ffn=CPU" });
    expect(part(spread(placed, one))).toBeNull();
  });

  it("is the CPU's with no layer on a GPU", () => {
    const record = decode({ backend: "cuda", n_gpu_layers: 0 });
    expect(part(record, reads())).toBeGreaterThan(0.5);
  });

  it("is empty where several devices may have read parts of a prompt at once", () => {
    expect(part(prompt(512))).toBeGreaterThan(0);
    expect(part(prompt(513))).toBeNull();
  });
});
