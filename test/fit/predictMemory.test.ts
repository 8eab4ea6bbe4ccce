import { afterAll, describe, expect, it } from "vitest";
import { askMemoryOf } from "../../src/engines/llamacpp/askMemoryOf.ts";
import { hostTraits, plainHost } from "../../src/fit/hostTraits.ts";
import type { MemoryDevice } from "../../src/fit/memoryDevice.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { llama2_70b } from "../gguf/shapes.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { misses, nothing, softwareDevices, wrong } from "./printedMemory.ts";
import { mixedTypes, plainSettings, sparseModel, type SparseModel } from "./sparseModel.ts";
import { grouped, sparseToys } from "./sparseToys.ts";

const folder = temporaryFolder();
const { models, foreign } = sparseToys(folder);

const names = Object.keys(models);

function modelOf(name: string): SparseModel {
  const found = models[name];
  if (found === undefined) throw new Error(`no model ${name}`);
  return found;
}

function shapeOf(id: string): ModelShape {
  const description = catalogue().find(id);
  if (description === undefined) throw new Error(`no model ${id}`);
  return description.shape;
}

function gpu(name: string, freeBytes: number): MemoryDevice {
  return { name, freeBytes };
}

describe.skipIf(!hasVulkan)("on the software device, as llama.cpp prints it", () => {
  const child = new LlamaChild("vulkan");
  afterAll(() => child.close());

  it.each(names)("weights and KV cache are exact: %s", async (name) => {
    const quantized = { typeK: "q8_0", typeV: "q8_0" } as const;
    const grid = [0, 4, 99].flatMap((gpuLayers) => [
      { gpuLayers, nCtx: 700, loadMode: "auto" as const },
      { gpuLayers, nCtx: 700 },
      { gpuLayers, ...quantized },
      { gpuLayers, noKvOffload: true },
    ]);
    expect(await wrong(child, softwareDevices(1), modelOf(name), grid, { allocate: true })).toEqual(
      [],
    );
  });

  it.each(Object.entries(foreign))(
    "all buffers of other architectures are predicted: %s",
    async (_, model) => {
      const grid = [0, 2, 99].flatMap((gpuLayers) => [
        { gpuLayers, nCtx: 1100, nUbatch: 128, loadMode: "auto" as const },
        { gpuLayers, nCtx: 1100, nUbatch: 300, nCpuMoe: 1 },
        { gpuLayers, nCtx: 300, typeK: "q8_0" as const, typeV: "q8_0" as const },
      ]);
      expect(await wrong(child, softwareDevices(1), model, grid, { allocate: true })).toEqual([]);
    },
  );

  it.each(names)("compute buffers are within a hundredth: %s", async (name) => {
    const caches = [
      { flashAttn: "on" },
      { flashAttn: "off" },
      { typeK: "q8_0", typeV: "q8_0" },
    ] as const;
    const grid = [512, 4096, 32_768].flatMap((nCtx) =>
      [128, 2048].flatMap((nUbatch) =>
        [0, 1, 5, 99].flatMap((gpuLayers) =>
          caches.map((cache) => Object.assign({ nCtx, nUbatch, gpuLayers }, cache)),
        ),
      ),
    );
    expect(
      await wrong(child, softwareDevices(1), modelOf(name), grid, { allocate: false }),
    ).toEqual([]);
  });

  it("windows with quantized caches on the host, which are rotated, are predicted", async () => {
    const shape = { ...shapeOf("gpt-oss-20b"), n_layers: 4 };
    const model = sparseModel(folder, "rotated", shape, mixedTypes(shape, "q5_0", "q8_0"));
    const grid = [0, 2, 99].flatMap((gpuLayers) =>
      [2048, 32_768].flatMap((nCtx) =>
        (["f16", "q8_0"] as const).map((type) => ({
          gpuLayers,
          nCtx,
          typeK: type,
          typeV: type,
          flashAttn: "on" as const,
        })),
      ),
    );
    expect(await wrong(child, softwareDevices(1), model, grid, { allocate: false })).toEqual([]);
  });

  it("slices of what the host computes are copied with what lies between their rows", async () => {
    const shape = { ...shapeOf("glm-4.5-air"), n_layers: 3 };
    const model = sparseModel(folder, "slices", shape, mixedTypes(shape, "q4_K", "q6_K"));
    const grid = [0, 2, 99].flatMap((gpuLayers) =>
      [512, 2048].map((nUbatch) => ({ gpuLayers, nUbatch, nCtx: 2048 })),
    );
    expect(await wrong(child, softwareDevices(1), model, grid, { allocate: false })).toEqual([]);
  });

  it("flash attention that is left to llama.cpp is found as it decides", async () => {
    const grid = [0, 5, 99].flatMap((gpuLayers) =>
      [false, true].map((noKvOffload) => ({
        gpuLayers,
        noKvOffload,
        flashAttn: "auto" as const,
        nCtx: 4096,
      })),
    );
    expect(
      await wrong(child, softwareDevices(1), modelOf("grouped heads, q4_0"), grid, {
        allocate: false,
      }),
    ).toEqual([]);
  });

  it("attention that the device has no kernel for is found as llama.cpp decides, and done by the host", async () => {
    const caches = [
      { flashAttn: "auto" },
      { flashAttn: "on" },
      { flashAttn: "auto", noKvOffload: true },
      { flashAttn: "on", noKvOffload: true },
    ] as const;
    const grid = [5, 99].flatMap((gpuLayers) =>
      caches.map((cache) => Object.assign({ gpuLayers, nUbatch: 600, nCtx: 4096 }, cache)),
    );
    const shape = { ...grouped, n_embd: 800, head_size: 100 };
    const model = sparseModel(folder, "odd heads", shape, mixedTypes(shape, "f16"));
    expect(await wrong(child, softwareDevices(1), model, grid, { allocate: true })).toEqual([]);
  });

  it("caches of two types that the device has no kernel for are predicted", async () => {
    const caches = [
      { typeK: "bf16", typeV: "f16" },
      { typeK: "f16", typeV: "bf16" },
      { typeK: "bf16", typeV: "q8_0" },
      { typeK: "q4_1", typeV: "iq4_nl" },
    ] as const;
    const grid = [5, 99].flatMap((gpuLayers) =>
      caches.map((cache) =>
        Object.assign({ gpuLayers, nCtx: 2048, flashAttn: "auto" as const }, cache),
      ),
    );
    const model = modelOf("grouped heads, q4_0");
    expect(await wrong(child, softwareDevices(1), model, grid, { allocate: true })).toEqual([]);
  });

  it("small batches and caches of other types are predicted", async () => {
    const caches = [
      { typeK: "q8_0", flashAttn: "off" },
      { typeK: "f32", typeV: "f32" },
      { typeK: "bf16", typeV: "bf16" },
      { typeK: "q4_0", typeV: "q4_0" },
    ] as const;
    const grid = [0, 5, 99].flatMap((gpuLayers) =>
      [1, 31, 300].flatMap((nUbatch) =>
        caches.map((cache) => Object.assign({ gpuLayers, nUbatch, nCtx: 1500 }, cache)),
      ),
    );
    const model = modelOf("grouped heads, q4_0");
    expect(await wrong(child, softwareDevices(1), model, grid, { allocate: true })).toEqual([]);
  });

  it("70B is predicted in its true size", async () => {
    const big = sparseModel(folder, "70b", llama2_70b, mixedTypes(llama2_70b, "q4_K", "q6_K"));
    const grid = [0, 40, 81].map((gpuLayers) => ({ gpuLayers, nCtx: 4096 }));
    expect(await wrong(child, softwareDevices(1), big, grid, { allocate: false })).toEqual([]);
  });
});

describe.skipIf(!hasVulkan)("on two devices, as llama.cpp prints it", () => {
  // The one software device, twice.
  const child = new LlamaChild("vulkan", {
    env: { ...process.env, GGML_VK_VISIBLE_DEVICES: "0,0" },
  });
  afterAll(() => child.close());
  const devices = softwareDevices(2);

  it("layers are split, and batches that overlap have their inputs four times", async () => {
    const grid = [0, 5, 9, 99].flatMap((gpuLayers) =>
      [[], [3, 1]].flatMap((tensorSplit) =>
        (["layer", "none"] as const).flatMap((splitMode) =>
          [false, true].map((noKvOffload) => ({
            gpuLayers,
            tensorSplit,
            splitMode,
            noKvOffload,
            nCtx: 4096,
          })),
        ),
      ),
    );
    const model = modelOf("grouped heads, q4_0");
    expect(await wrong(child, devices, model, grid, { allocate: true })).toEqual([]);
  });

  it("--split-mode none takes the main device for all that devices do", async () => {
    const grid = [0, 5, 99].flatMap((gpuLayers) =>
      [0, 1].flatMap((mainGpu) =>
        [false, true].map((noKvOffload) => ({
          gpuLayers,
          mainGpu,
          noKvOffload,
          splitMode: "none" as const,
          tensorSplit: [3, 1],
          nCtx: 2048,
        })),
      ),
    );
    const model = modelOf("grouped heads, q4_0");
    expect(await wrong(child, devices, model, grid, { allocate: true })).toEqual([]);
  });
});

describe("without a GPU, as llama.cpp prints it", () => {
  const child = new LlamaChild("cpu");
  afterAll(() => child.close());

  it.each(Object.entries({ ...models, ...foreign }))(
    "all buffers are predicted: %s",
    async (_, file) => {
      const { path, model } = file;
      const { value } = await child.request({ type: "probe" });
      const found: string[] = [];
      for (const loadMode of ["mmap", "none"] as const) {
        for (const flashAttn of ["on", "off"] as const) {
          const settings = { ...plainSettings, loadMode, flashAttn };
          const { byPlace: logged } = await askMemoryOf(
            child,
            { path, ...settings },
            { allocate: true },
          );
          const { host } = predictMemory(model, settings, [], hostTraits(value.system_info));
          found.push(...misses(host, logged.get("host") ?? nothing, true));
        }
      }
      expect(found).toEqual([]);
    },
  );
});

describe("a prediction", () => {
  const { model } = modelOf("tied embeddings, q4_K and q6_K");

  it("counts tied embeddings on the host and with the output layer on a device", () => {
    const none = predictMemory(model, plainSettings, [gpu("CUDA0", 2 ** 33)]);
    const all = predictMemory(model, { ...plainSettings, gpuLayers: 8 }, [gpu("CUDA0", 2 ** 33)]);
    expect(none.host.weightsBytes).toBeGreaterThanOrEqual(model.weightsBytes);
    expect(all.devices[0]?.weightsBytes).toBeGreaterThanOrEqual(model.weightsBytes);
    expect(all.host.weightsBytes).toBeGreaterThan(0);
  });

  it("splits layers over devices by their free memory, or as asked", () => {
    const devices = [gpu("CUDA0", 3 * 2 ** 30), gpu("CUDA1", 2 ** 30)];
    const settings = { ...plainSettings, gpuLayers: 8 };
    const layerBytes = predictMemory(model, settings, []).kvBytes / 7;
    const layers = (tensorSplit: number[]) =>
      predictMemory(model, { ...settings, tensorSplit }, devices).devices.map(
        ({ kvBytes }) => kvBytes / layerBytes,
      );
    // Seven layers and the output, which goes to the last.
    expect(layers([])).toEqual([6, 1]);
    expect(layers([1, 3])).toEqual([2, 5]);
  });

  it("leaves one device to --split-mode none", () => {
    const devices = [gpu("CUDA0", 2 ** 34), gpu("CUDA1", 2 ** 34)];
    const settings = { ...plainSettings, gpuLayers: 8, splitMode: "none", mainGpu: 1 } as const;
    const [first, second] = predictMemory(model, settings, devices).devices;
    expect(first).toMatchObject({ totalBytes: 0, runtimeBytes: 0 });
    expect(second?.weightsBytes).toBeGreaterThan(0);
  });

  it("adds up: what devices and host hold is all there is", () => {
    const devices = [gpu("CUDA0", 2 ** 34), gpu("CUDA1", 2 ** 34)];
    const all = predictMemory(model, { ...plainSettings, gpuLayers: 3 }, devices, plainHost);
    const places = [...all.devices, all.host];
    const sumOf = (key: "kvBytes" | "computeBytes") =>
      places.reduce((sum, place) => sum + place[key], 0);
    expect(all.kvBytes).toBe(sumOf("kvBytes"));
    expect(all.computeBytes).toBe(sumOf("computeBytes"));
    expect(all.deviceBytes + all.hostBytes).toBe(
      places.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
    );
  });

  it("has all memory on devices of an unknown kind behave like CUDA's", () => {
    const settings = { ...plainSettings, gpuLayers: 8 };
    const known = predictMemory(model, settings, [gpu("CUDA0", 2 ** 34)]).deviceBytes;
    expect(predictMemory(model, settings, [gpu("SYCL0", 2 ** 34)]).deviceBytes).toBe(known);
  });
});
