import { afterAll, describe, expect, it } from "vitest";
import { askMemoryOf } from "../../src/engines/llamacpp/askMemoryOf.ts";
import { ChildFailure } from "../../src/engines/child/childFailure.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import type { MemoryDevice } from "../../src/fit/memoryDevice.ts";
import { memoryDevice } from "../../src/fit/memoryDevice.ts";
import type { MemorySettings } from "../../src/fit/memorySettings.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { mixedTypes, plainSettings, sparseModel } from "./sparseModel.ts";

const folder = temporaryFolder();
const mib = 2 ** 20;

/** Caches of several kinds are printed apart, each rounded to a hundredth of a MiB. */
const printedBytes = 4 * 0.005_01 * mib;

const settings = { ...plainSettings, nCtx: 9000, flashAttn: "auto" } as const;

const { models } = catalogue();

/** Batches of one token and of many, caches of both kinds and of two types. */
const grid = [
  settings,
  { ...settings, nCtx: 40_000, nUbatch: 2048, flashAttn: "off" },
  { ...settings, nCtx: 2048, nUbatch: 40, typeK: "q8_0", typeV: "q8_0" },
  { ...settings, nCtx: 3000, nUbatch: 1, typeV: "q4_0", flashAttn: "on" },
] as const satisfies readonly MemorySettings[];

/** Of some placements on the software device, holes between what is copied add up differently. */
const computeShare = { cpu: 0.005, vulkan: 0.04 } as const;

/** Layers on devices, of so many. */
type Offloaded = (nLayers: number) => readonly number[];

describe.each([
  ["the CPU", "cpu", () => [0], []],
  [
    "the software device",
    "vulkan",
    (nLayers: number) => [Math.ceil(nLayers / 3), nLayers + 1],
    [memoryDevice({ name: "Vulkan0", description: "llvmpipe" }, 2 ** 31)],
  ],
] as const satisfies readonly (readonly [string, string, Offloaded, readonly MemoryDevice[]])[])(
  "on %s",
  (_, device, offloaded, devices) => {
    const skipped = device === "vulkan" && !hasVulkan;
    let child = new LlamaChild(device);
    afterAll(async () => child.close());

    /** Null where llama.cpp gives up: the software device takes no buffer of more than 2 GiB. */
    async function told(path: string, asked: MemorySettings) {
      try {
        return await askMemoryOf(child, { path, ...asked }, { allocate: false });
      } catch (error) {
        if (!(error instanceof ChildFailure)) throw error;
        await child.close();
        child = new LlamaChild(device);
        return null;
      }
    }

    it.skipIf(skipped).each(models.map(({ id, shape }) => [id, shape] as const))(
      "caches are exact and compute buffers those of llama.cpp: %s",
      async (id, shape) => {
        const types = mixedTypes(shape, "q4_0", "q8_0");
        const { path, model } = sparseModel(folder, `${device}-${id}`, shape, types);
        const wrong: string[] = [];
        for (const gpuLayers of offloaded(shape.n_layers)) {
          for (const one of grid) {
            const asked = { ...one, gpuLayers };
            const answer = await told(path, asked);
            if (answer === null) continue;
            const predicted = predictMemory(model, asked, devices);
            expect(Math.abs(answer.kvBytes - predicted.kvBytes)).toBeLessThan(printedBytes);
            expect(Math.abs(answer.stateBytes - predicted.stateBytes)).toBeLessThan(printedBytes);
            for (const at of [...predicted.devices, { ...predicted.host, name: "host" }]) {
              const theirs = answer.byPlace.get(at.name)?.computeBytes ?? 0;
              const off = Math.abs(at.computeBytes - theirs);
              if (off > computeShare[device] * theirs + printedBytes)
                wrong.push(`${JSON.stringify(asked)} ${at.name}: ${at.computeBytes} for ${theirs}`);
            }
          }
        }
        expect(wrong).toEqual([]);
      },
    );
  },
);
