import { afterAll, describe, expect, it } from "vitest";
import { randomShape, shapedArchitectures } from "../../scripts/bench/randomShapes.mjs";
import { randomSource } from "../../scripts/random.mjs";
import { askMemoryOf } from "../../src/engines/llamacpp/askMemoryOf.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { fileMemoryModel } from "../../src/fit/fileMemoryModel.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { shapeOf } from "../../src/gguf/shapeOfHeader.ts";
import { readGgufModel } from "../../src/gguf/splitFile.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { softwareDevices } from "./printedMemory.ts";
import { mixedTypes, plainSettings, sparseModel } from "./sparseModel.ts";

const folder = temporaryFolder();
const mib = 2 ** 20;

/** As the log rounds each of several lines. */
const printedBytes = 6 * 0.005_01 * mib;
const promisedShare = 0.02;

const seed = 20_261_130;

describe.each([
  ["the CPU", "cpu", 0],
  ["a device", "vulkan", 1],
] as const)("a shape at random, as published models have them, on %s", (_, backend, count) => {
  const devices = softwareDevices(count);
  let child = new LlamaChild(backend);
  afterAll(async () => child.close());

  /** Of a child that lives: llama.cpp ends one that it gives up in. */
  async function told(asked: Parameters<typeof askMemoryOf>[1]) {
    try {
      return await askMemoryOf(child, asked, { allocate: false });
    } catch (error) {
      await child.close();
      child = new LlamaChild(backend);
      throw error;
    }
  }

  it.skipIf(count > 0 && !hasVulkan).each(shapedArchitectures)(
    "has the caches and buffers that llama.cpp tells, by its header: %s",
    async (architecture) => {
      const random = randomSource(seed + count);
      const shape = randomShape(architecture, random);
      const types = mixedTypes(shape, "q4_0", "q8_0");
      const { path } = sparseModel(folder, `${backend}-${architecture}`, shape, types);
      const gguf = readGgufModel(path);
      const model = fileMemoryModel(gguf, shapeOf(gguf) ?? null);
      if (model === null) throw new Error("a header that tells nothing");
      expect(model.known).toBe(true);
      const settings = {
        ...plainSettings,
        nCtx: random.pick([4096, 9000, 20_000]),
        nUbatch: random.pick([256, 512, 1024]),
        flashAttn: random.pick(["on", "off"] as const),
        gpuLayers: count === 0 ? 0 : Math.ceil(shape.n_layers / 2),
      };
      const answer = await told({ path, ...settings });
      const predicted = predictMemory(model, settings, devices);
      expect(Math.abs(predicted.kvBytes - answer.kvBytes)).toBeLessThan(printedBytes);
      expect(Math.abs(predicted.stateBytes - answer.stateBytes)).toBeLessThan(printedBytes);
      const wrong = [...predicted.devices, { ...predicted.host, name: "host" }].filter(
        ({ name, computeBytes }) => {
          const theirs = answer.byPlace.get(name)?.computeBytes ?? 0;
          return Math.abs(computeBytes - theirs) > promisedShare * theirs + printedBytes;
        },
      );
      expect(wrong).toEqual([]);
    },
  );
});
