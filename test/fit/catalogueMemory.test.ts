import { afterAll, describe, expect, it } from "vitest";
import { askMemoryOf } from "../../src/engines/llamacpp/askMemoryOf.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { ComputeKnowledge, type Bound } from "../../src/fit/computeKnowledge.ts";
import { hasKnownGraph } from "../../src/fit/graph/graphTraits.ts";
import type { MemoryDevice } from "../../src/fit/memoryDevice.ts";
import { memoryDevice } from "../../src/fit/memoryDevice.ts";
import { describedMemoryModel, type MemoryModel } from "../../src/fit/memoryModel.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { mixedTypes, plainSettings, sparseModel } from "./sparseModel.ts";

const folder = temporaryFolder();
const mib = 2 ** 20;

/** Caches of several kinds are printed apart, each rounded to a hundredth of a MiB. */
const printedBytes = 4 * 0.005_01 * mib;

/** No context that estimates were compared at when the catalogue's answers were asked for. */
const settings = { ...plainSettings, nCtx: 9000, flashAttn: "auto" } as const;

const models = catalogue().models.filter(({ shape }) => !hasKnownGraph(shape));

function described(shape: ModelShape): MemoryModel {
  return describedMemoryModel(shape, "f16", mixedTypes(shape, "q4_0", "q8_0"));
}

function computeAt(model: MemoryModel, gpuLayers: number, devices: readonly MemoryDevice[]) {
  const knowledge = new ComputeKnowledge(model.computeBand);
  const at = (bound: Bound) =>
    knowledge.at({ gpuLayers, nCtx: settings.nCtx }, bound, () =>
      predictMemory(model, { ...settings, gpuLayers }, devices),
    ).computeBytes;
  return { least: at("least"), most: at("most") };
}

describe.each([
  ["the CPU", "cpu", 0, []],
  [
    "the software device",
    "vulkan",
    99,
    [memoryDevice({ name: "Vulkan0", description: "llvmpipe" }, 2 ** 31)],
  ],
] as const)("on %s, of a model whose graph is only estimated", (_, device, gpuLayers, devices) => {
  const skipped = device === "vulkan" && !hasVulkan;
  const child = skipped ? null : new LlamaChild(device);
  afterAll(async () => child?.close());

  it.skipIf(skipped).each(models.map(({ id, shape }) => [id, shape] as const))(
    "caches are exact and compute buffers within the band: %s",
    async (id, shape) => {
      const { path } = sparseModel(
        folder,
        `${device}-${id}`,
        shape,
        mixedTypes(shape, "q4_0", "q8_0"),
      );
      const model = described(shape);
      if (child === null) return;
      const told = await askMemoryOf(child, { path, ...settings, gpuLayers }, { allocate: false });
      const predicted = predictMemory(model, { ...settings, gpuLayers }, devices);
      expect(Math.abs(told.kvBytes - predicted.kvBytes)).toBeLessThan(printedBytes);
      expect(Math.abs(told.stateBytes - predicted.stateBytes)).toBeLessThan(printedBytes);
      const compute = [...told.byPlace.values()].reduce((sum, at) => sum + at.computeBytes, 0);
      const { least, most } = computeAt(model, gpuLayers, devices);
      expect(compute).toBeGreaterThan(least);
      expect(compute).toBeLessThan(most);
    },
  );
});
