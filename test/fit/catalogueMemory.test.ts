import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/base/digest.ts";
import { groupBy } from "../../src/base/groupBy.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { llamaCpp } from "../../src/engines/llamacpp/row.ts";
import type { MemoryDevice } from "../../src/fit/memoryDevice.ts";
import { memoryDevice } from "../../src/fit/memoryDevice.ts";
import type { MemorySettings } from "../../src/fit/memorySettings.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { mixedTypes, plainSettings, sparseModel, type SparseModel } from "./sparseModel.ts";

const folder = temporaryFolder();
const mib = 2 ** 20;

/** Caches of several kinds are printed apart, each rounded to a hundredth of a MiB. */
const printedBytes = 4 * 0.005_01 * mib;

const settings = { ...plainSettings, nCtx: 9000, flashAttn: "auto" } as const;

/** Models of one shape are one question. */
const shapes = [...groupBy(catalogue().models, ({ shape }) => canonicalJson(shape)).values()];
const asked = shapes.flatMap((models) => {
  const [first] = models;
  return first === undefined
    ? []
    : [[models.map(({ id }) => id).join(" and "), first.shape] as const];
});

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
    let engine: Engine;
    // What its first child found is told to those that follow where llama.cpp ends one.
    beforeAll(async () => {
      if (!skipped) engine = await llamaCpp.start({ device, own: {} });
    });
    afterAll(() => engine?.close());

    /** Lays out while llama.cpp does. Null where that gives up: the software device takes no buffer of more than 2 GiB. */
    async function both({ path, model }: SparseModel, placed: MemorySettings) {
      const asking = engine.memory?.({ path, ...placed });
      const predicted = predictMemory(model, placed, devices);
      return { told: (await asking) ?? null, predicted };
    }

    it.skipIf(skipped).each(asked)(
      "caches are exact and compute buffers those of llama.cpp: %s",
      async (ids, shape) => {
        const types = mixedTypes(shape, "q4_0", "q8_0");
        const sparse = sparseModel(folder, `${device}-${ids}`, shape, types);
        const wrong: string[] = [];
        for (const gpuLayers of offloaded(shape.n_layers)) {
          for (const one of grid) {
            const placed = { ...one, gpuLayers };
            const { told, predicted } = await both(sparse, placed);
            if (told === null) continue;
            expect(Math.abs(told.kvBytes - predicted.kvBytes)).toBeLessThan(printedBytes);
            expect(Math.abs(told.stateBytes - predicted.stateBytes)).toBeLessThan(printedBytes);
            for (const at of [...predicted.devices, { ...predicted.host, name: "host" }]) {
              const theirs = told.byPlace.get(at.name)?.computeBytes ?? 0;
              const off = Math.abs(at.computeBytes - theirs);
              if (off > computeShare[device] * theirs + printedBytes)
                wrong.push(
                  `${JSON.stringify(placed)} ${at.name}: ${at.computeBytes} for ${theirs}`,
                );
            }
          }
        }
        expect(wrong).toEqual([]);
      },
    );
  },
);
