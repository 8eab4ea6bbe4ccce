import { describe, expect, it } from "vitest";
import { attendsOnHost, usesFlashAttention } from "../../src/fit/flashAttention.ts";
import { placeLayers } from "../../src/fit/layerPlacement.ts";
import { describedMemoryModel } from "../../src/fit/memoryModel.ts";
import type { MemorySettings } from "../../src/fit/memorySettings.ts";
import { predictMemory, type MemoryPrediction } from "../../src/fit/predictMemory.ts";
import { kvCacheTypes, type KvCacheType } from "../../src/bench/settings.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { llama2_7b } from "../gguf/shapes.ts";
import { mixedTypes, plainSettings } from "./sparseModel.ts";

const shape = { ...llama2_7b, n_layers: 8 };
const model = describedMemoryModel(shape, "q4_0", mixedTypes(shape, "q4_0"));

const all: MemorySettings = {
  ...plainSettings,
  nCtx: 4096,
  flashAttn: "auto",
  gpuLayers: shape.n_layers + 1,
};

function devicesOf(names: readonly string[]) {
  return names.map((name) => ({ name, freeBytes: 2 ** 34 }));
}

function predict(names: readonly string[], changed: Partial<MemorySettings>): MemoryPrediction {
  return predictMemory(model, { ...all, ...changed }, devicesOf(names));
}

type Pair = readonly [KvCacheType, KvCacheType];

function attends(name: string, [typeK, typeV]: Pair, head_size = shape.head_size): boolean {
  const devices = devicesOf([name]);
  const placement = placeLayers(shape.n_layers, all, devices);
  const settings = { flashAttn: "on", splitMode: "layer", typeK, typeV } as const;
  const heads = [{ key: head_size, value: head_size, queriesPerKey: 1 }];
  return !attendsOnHost(settings, { heads, shape }, placement, devices);
}

/** Of pairs of one type. */
function kernelsOf(name: string): KvCacheType[] {
  return kvCacheTypes.filter((type) => attends(name, [type, type]));
}

function headSizesOf(name: string): number[] {
  return [32, 64, 100, 128, 160, 192, 256].filter((size) => attends(name, ["f16", "f16"], size));
}

function uses(changed: Partial<MemorySettings>, names: readonly string[]): boolean {
  const devices = devicesOf(names);
  const settings = { ...all, ...changed };
  const placement = placeLayers(shape.n_layers, settings, devices);
  return usesFlashAttention(settings, model, placement, devices);
}

describe("a device has flash attention", () => {
  it("on Metal for all types but IQ4_NL", () => {
    expect(kernelsOf("MTL0")).toEqual(kvCacheTypes.filter((type) => type !== "iq4_nl"));
  });

  it("on CUDA for Q8_0 and Q4_0 besides floats", () => {
    expect(kernelsOf("CUDA0").toSorted()).toEqual(["bf16", "f16", "f32", "q4_0", "q8_0"]);
  });

  it.each(["MTL0", "CUDA0"])("on %s for K and V of one type", (name) => {
    expect(attends(name, ["q8_0", "q4_0"])).toBe(false);
    expect(attends(name, ["f16", "q8_0"])).toBe(false);
    expect(attends(name, ["bf16", "f16"])).toBe(false);
    // Both are F16 by then.
    expect(attends(name, ["f32", "f16"])).toBe(true);
  });

  it("for head sizes that it has kernels for", () => {
    expect(headSizesOf("MTL0")).toEqual([32, 64, 128, 192, 256]);
    expect(headSizesOf("CUDA0")).toEqual([64, 128, 256]);
  });
});

function attendsTo(key: number, value: number, queriesPerKey: number): boolean {
  const devices = devicesOf(["CUDA0"]);
  const placement = placeLayers(shape.n_layers, all, devices);
  const settings = { flashAttn: "on", splitMode: "layer", typeK: "f16", typeV: "f16" } as const;
  const heads = [{ key, value, queriesPerKey }];
  return !attendsOnHost(settings, { heads, shape }, placement, devices);
}

describe("CUDA's kernels for several queries of one key", () => {
  it("take latent attention and Gemma 4's wide heads", () => {
    expect(attendsTo(576, 512, 128)).toBe(true);
    expect(attendsTo(512, 512, 8)).toBe(true);
    expect(attendsTo(192, 128, 8)).toBe(true);
  });

  it("take no single queries, and no other sizes of values", () => {
    expect(attendsTo(512, 512, 1)).toBe(false);
    expect(attendsTo(192, 128, 4)).toBe(false);
    expect(attendsTo(576, 576, 128)).toBe(false);
  });
});

describe("flash attention that is left to llama.cpp", () => {
  const mixed = { typeK: "bf16", typeV: "f16" } as const;

  it("is off where a device with layers has no kernel for the caches", () => {
    expect(uses({}, ["MTL0"])).toBe(true);
    expect(uses(mixed, ["MTL0"])).toBe(false);
    expect(uses(mixed, ["CUDA0"])).toBe(false);
  });

  it("is on for a quantized V cache, which nothing else reads", () => {
    expect(uses({ typeV: "iq4_nl" }, ["MTL0"])).toBe(true);
    expect(uses({ typeV: "q5_1" }, ["CUDA0"])).toBe(true);
  });

  it("is not a question of devices without layers", () => {
    expect(uses({ ...mixed, gpuLayers: 0 }, ["MTL0"])).toBe(true);
    // Of the output layer alone either: nothing attends there.
    expect(uses({ ...mixed, gpuLayers: 1 }, ["MTL0"])).toBe(true);
  });

  it.each(["MTL0", "CUDA0"])("leaves to the host what %s has no kernel for", (name) => {
    const types = { typeK: "iq4_nl", typeV: "iq4_nl" } as const;
    const [device] = predict([name], types).devices;
    // The caches of one layer at least are copied there.
    const oneLayer = (device?.kvBytes ?? 0) / shape.n_layers;
    const grown = predict([name], types).host.computeBytes;
    const usual = predict([name], { typeK: "q4_0", typeV: "q4_0" }).host.computeBytes;
    expect(grown - usual).toBeGreaterThan(oneLayer);
  });
});

describe("flash attention that is left to llama.cpp", () => {
  const hybrid = catalogue().find("lfm2-1.2b")?.shape ?? shape;
  const attending = describedMemoryModel(hybrid, "q4_0", mixedTypes(hybrid, "q4_0"));
  const usesIt = (gpuLayers: number) => {
    const devices = devicesOf(["CUDA0"]);
    const settings = { ...all, gpuLayers };
    const placement = placeLayers(hybrid.n_layers, settings, devices);
    return usesFlashAttention(settings, attending, placement, devices);
  };

  it("is off where the first layer on a device is recurrent and the last on the host attends", () => {
    // Layers 10 and 12 of 16 attend, and the output counts.
    expect([7, 6, 5, 4, 3].map(usesIt)).toEqual([true, false, true, false, true]);
    expect(usesIt(0)).toBe(true);
    expect(usesIt(17)).toBe(true);
  });
});
