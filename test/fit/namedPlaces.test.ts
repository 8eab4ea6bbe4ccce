import { afterAll, describe, expect, it } from "vitest";
import { readTensorOverrides, type TensorOverride } from "../../src/bench/tensorOverrides.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { hostTraits } from "../../src/fit/hostTraits.ts";
import type { MemorySettings } from "../../src/fit/memorySettings.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { askMemoryOf } from "../../src/engines/llamacpp/askMemoryOf.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { misses, nothing, softwareDevices, wrong } from "./printedMemory.ts";
import { plainSettings, type SparseModel } from "./sparseModel.ts";
import { sparseToys } from "./sparseToys.ts";

const { models, foreign } = sparseToys(temporaryFolder());
const all = { ...models, ...foreign };

function modelOf(name: keyof typeof all | string): SparseModel {
  const found = all[name];
  if (found === undefined) throw new Error(`no model ${name}`);
  return found;
}

function overrides(text: string): readonly TensorOverride[] {
  const read = readTensorOverrides(text);
  if (read === undefined) throw new Error(`no overrides: ${text}`);
  return read;
}

const named = [
  "ffn_.*=CPU",
  String.raw`blk\.[135]\.=CPU`,
  "attn_k=CPU;attn_=Vulkan0",
  "token_embd=Vulkan0",
  "output=CPU",
] as const;

describe.skipIf(!hasVulkan)("tensors that are placed by name, as llama.cpp prints it", () => {
  const child = new LlamaChild("vulkan");
  afterAll(() => child.close());

  it.each(Object.keys(all))("all buffers are predicted: %s", async (name) => {
    const grid = named.flatMap((text) =>
      [0, 3, 99].map((gpuLayers) => ({
        gpuLayers,
        nCtx: 600,
        nUbatch: 128,
        tensorOverrides: overrides(text),
      })),
    );
    const found = await wrong(child, softwareDevices(1), modelOf(name), grid, { allocate: true });
    expect(found).toEqual([]);
  });

  it("overrides come before the experts that stay on the host, and mapped files are mapped", async () => {
    const grid = [
      { gpuLayers: 99, nCpuMoe: 2, tensorOverrides: overrides("exps=Vulkan0") },
      { gpuLayers: 99, nCpuMoe: 2, tensorOverrides: overrides("ffn_down=Vulkan0") },
      { gpuLayers: 99, loadMode: "mmap" as const, tensorOverrides: overrides("exps=CPU") },
    ];
    const model = modelOf("experts, q4_0");
    expect(await wrong(child, softwareDevices(1), model, grid, { allocate: true })).toEqual([]);
  });

  it.each(Object.keys(models))(
    "so are those without pinned memory, or without offload: %s",
    async (name) => {
      const { value: info } = await child.request({ type: "probe" });
      const host = hostTraits(info.system_info);
      const { path, model } = modelOf(name);
      const found: string[] = [];
      for (const changed of [
        { noHost: true, gpuLayers: 0 },
        { noHost: true, gpuLayers: 3 },
        { noHost: true, gpuLayers: 99 },
        { noOpOffload: true, gpuLayers: 0 },
        { noOpOffload: true, gpuLayers: 3 },
        { embeddings: true, gpuLayers: 3 },
      ] satisfies Partial<MemorySettings>[]) {
        const settings = { ...plainSettings, ...changed };
        const { byPlace } = await askMemoryOf(child, { path, ...settings }, { allocate: true });
        const predicted = predictMemory(model, settings, softwareDevices(1), host);
        for (const at of [...predicted.devices, { ...predicted.host, name: "host" }]) {
          const missed = misses(at, byPlace.get(at.name) ?? nothing, true);
          found.push(...missed.map((miss) => `${JSON.stringify(changed)} ${at.name} ${miss}`));
        }
      }
      expect(found).toEqual([]);
    },
  );
});

describe.skipIf(!hasVulkan)("devices that are named, as llama.cpp prints it", () => {
  const child = new LlamaChild("vulkan", {
    env: { ...process.env, GGML_VK_VISIBLE_DEVICES: "0,0" },
  });
  afterAll(() => child.close());

  it("they alone hold something, in the order in which they are named", async () => {
    const grid = [
      { devices: ["Vulkan1"], gpuLayers: 99 },
      { devices: ["Vulkan0"], gpuLayers: 4 },
      { devices: ["Vulkan1", "Vulkan0"], gpuLayers: 99, tensorSplit: [3, 1] },
      { devices: ["Vulkan1", "Vulkan0"], gpuLayers: 99, splitMode: "none" as const, mainGpu: 1 },
      { devices: [], gpuLayers: 99 },
    ];
    const model = modelOf("norms per head, q8_0");
    expect(await wrong(child, softwareDevices(2), model, grid, { allocate: true })).toEqual([]);
  });

  it("tensors go to the one that a pattern names, and batches don't overlap then", async () => {
    const grid = [
      { gpuLayers: 99, tensorOverrides: overrides("ffn_=Vulkan1") },
      { gpuLayers: 99, tensorOverrides: overrides("attn_q=CPU") },
    ];
    const model = modelOf("norms per head, q8_0");
    expect(await wrong(child, softwareDevices(2), model, grid, { allocate: true })).toEqual([]);
  });
});
