import { describe, expect, it } from "vitest";
import { judgeFit } from "../../../src/fit/judgeFit.ts";
import { describedMemoryModel } from "../../../src/fit/memoryModel.ts";
import type { FitSettings } from "../../../src/fit/memorySettings.ts";
import { predictMemory } from "../../../src/fit/predictMemory.ts";
import { memoryBudget, type MemoryBudget } from "../../../src/machine/memoryBudget.ts";
import { llama2_70b, llama2_7b } from "../../gguf/shapes.ts";
import { mixedTypes, plainSettings } from "../sparseModel.ts";

const gib = 2 ** 30;
const large = describedMemoryModel(llama2_70b, "q4_0", mixedTypes(llama2_70b, "q4_0", "q6_K"));
const small = describedMemoryModel(llama2_7b, "q4_0", mixedTypes(llama2_7b, "q4_0", "q6_K"));

const settings: FitSettings = {
  ...plainSettings,
  nCtx: 4096,
  gpuLayers: "auto",
  flashAttn: "auto",
  splitMode: "tensor",
};

function box(backend: string, cards: readonly number[]): MemoryBudget {
  return memoryBudget({
    ramBytes: 64 * gib,
    ramAvailableBytes: 64 * gib,
    metal: false,
    devices: cards.map((cardGib, index) => ({
      name: `${backend}${index}`,
      description: "a card",
      memory: "own",
      usableBytes: cardGib * gib,
    })),
  });
}

const cuda = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `CUDA${index}`, freeBytes: 24 * gib }));

function runtime(splitMode: "layer" | "tensor"): number {
  const all = { ...plainSettings, splitMode, gpuLayers: 33 };
  return predictMemory(small, all, cuda(2)).devices[0]?.runtimeBytes ?? 0;
}

describe("devices that compute every layer together", () => {
  it("hold a model that one of them doesn't, half of it each", () => {
    expect(judgeFit(large, settings, box("CUDA", [24])).fit).toBe("partial");
    const { fit, prediction } = judgeFit(large, settings, box("CUDA", [24, 24]));
    expect(fit).toBe("full");
    const [first, second] = prediction.devices;
    expect(first?.kvBytes).toBe(second?.kvBytes);
    expect(first?.weightsBytes).toBeCloseTo(second?.weightsBytes ?? 0, -8);
  });

  it("share equally whatever they hold, so that the smaller one decides, unless proportions are given", () => {
    const unlike = box("CUDA", [36, 12]);
    expect(judgeFit(large, settings, unlike)).toMatchObject({ fit: "partial", place: "CUDA1" });
    const apart = judgeFit(large, { ...settings, tensorSplit: [3, 1] }, unlike);
    expect(apart).toMatchObject({ fit: "full" });
    const [more, less] = apart.prediction.devices;
    expect((more?.weightsBytes ?? 0) / (less?.weightsBytes ?? 1)).toBeGreaterThan(2.8);
  });

  it("together hold the model once, but for norms, inputs and the batch's results", () => {
    const all = { ...plainSettings, splitMode: "tensor", gpuLayers: 81, nCtx: 4096 } as const;
    const one = predictMemory(large, all, cuda(1));
    const three = predictMemory(large, all, cuda(3));
    const weights = ({ devices }: typeof one) =>
      devices.reduce((sum, { weightsBytes }) => sum + weightsBytes, 0);
    expect(three.kvBytes).toBe(one.kvBytes);
    expect(weights(three) / weights(one)).toBeGreaterThan(1);
    expect(weights(three) / weights(one)).toBeLessThan(1.001);
    expect(new Set(three.devices.map(({ computeBytes }) => computeBytes)).size).toBe(1);
  });

  it("add up their results in buffers of their own, which are no part of llama.cpp's", () => {
    const partial = 4 * llama2_7b.n_embd * 512;
    expect(runtime("tensor") - runtime("layer")).toBe(partial + 32 * 2 ** 20);
  });

  it("need each cache in one buffer, which Vulkan's largest limits", () => {
    const cards = [48, 48];
    const long = { ...settings, nCtx: 16_384 };
    expect(judgeFit(small, long, box("CUDA", cards)).fit).toBe("full");
    const vulkan = judgeFit(small, long, box("Vulkan", cards));
    expect(vulkan.fit).toBe("partial");
    expect(vulkan.why).toMatch(/one buffer of Vulkan\d/u);
    expect(judgeFit(small, { ...long, splitMode: "layer" }, box("Vulkan", cards)).fit).toBe("full");
  });
});
