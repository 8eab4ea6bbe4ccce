import { describe, expect, it } from "vitest";
import { describedMemoryModel } from "../../src/fit/memoryModel.ts";
import type { MemorySettings } from "../../src/fit/memorySettings.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { gemma3Toy, llama2_70b } from "../gguf/shapes.ts";
import { mixedTypes, plainSettings } from "./sparseModel.ts";

const model = describedMemoryModel(llama2_70b, "q4_0", mixedTypes(llama2_70b, "q4_0"));
const nCtx = 32_768;

/** Of 70B on one device. */
function runtime(changed: Partial<MemorySettings>, name = "CUDA0"): number {
  const settings = { ...plainSettings, nCtx, gpuLayers: 81, ...changed };
  const [device] = predictMemory(model, settings, [{ name, freeBytes: 2 ** 36 }]).devices;
  return device?.runtimeBytes ?? 0;
}

const workspace = 2 ** 25;
/** The widest row that a layer multiplies with, 28,672 wide, in blocks of 32. */
const products = 512 * (28_672 / 32) * 36;

describe("CUDA's pool", () => {
  it("holds the operands of the most demanding product of weights", () => {
    expect(runtime({})).toBe(workspace + products);
  });

  it("holds scores and result in F16 where attention is without flash", () => {
    expect(runtime({ flashAttn: "off" })).toBe(workspace + 2 * 512 * 64 * (nCtx + 128));
  });

  it("holds scores alone in BF16, and none for a V cache of F32", () => {
    expect(runtime({ flashAttn: "off", typeV: "bf16" })).toBe(workspace + 2 * 512 * 64 * nCtx);
    expect(runtime({ flashAttn: "off", typeK: "f32", typeV: "f32" })).toBe(workspace + products);
  });

  it("holds keys in F32, which outgrow the scores of small batches", () => {
    const keys = 4 * nCtx * 8 * 128;
    expect(runtime({ flashAttn: "off", nUbatch: 32 })).toBe(workspace + 2 * 32 * 64 * (nCtx + 128));
    expect(runtime({ flashAttn: "off", nUbatch: 31, typeV: "f32" })).toBe(workspace + keys);
  });

  it("converts no keys that are quantized, nor anything for a few tokens", () => {
    const quantized = runtime({ flashAttn: "off", nUbatch: 32, typeK: "q8_0", typeV: "f32" });
    expect(quantized).toBe(workspace + 32 * 64 * (512 / 32) * 36);
    expect(runtime({ flashAttn: "off", nUbatch: 16 })).toBe(workspace + products / 32);
  });

  it("holds none of what the host attends to", () => {
    expect(runtime({ flashAttn: "off", noKvOffload: true })).toBe(workspace + products);
    expect(runtime({ flashAttn: "off", gpuLayers: 1 })).toBe(workspace + products);
  });

  it("goes by the window where all layers on the device have one", () => {
    const windowed = describedMemoryModel(gemma3Toy, "q8_0", mixedTypes(gemma3Toy, "q8_0"));
    const settings = { ...plainSettings, nCtx, flashAttn: "off", splitMode: "layer" } as const;
    const gpuLayers = gemma3Toy.n_layers + 1;
    const tensorSplit = [1, gemma3Toy.n_layers];
    const devices = ["CUDA0", "CUDA1"].map((name) => ({ name, freeBytes: 2 ** 34 }));
    const [first, second] = predictMemory(
      windowed,
      { ...settings, gpuLayers, tensorSplit },
      devices,
    ).devices;
    expect(first?.kvBytes).toBeGreaterThan(0);
    expect(first?.runtimeBytes).toBeLessThan(second?.runtimeBytes ?? 0);
  });

  it("is CUDA's alone", () => {
    expect(runtime({ flashAttn: "off" }, "Vulkan0")).toBe(0);
    expect(runtime({ flashAttn: "off" }, "MTL0")).toBe(0);
  });
});
