import { array, assert, constantFrom, integer, property, record, tuple } from "fast-check";
import { expect, it } from "vitest";
import { ContextLayouts } from "../../src/fit/contextLayouts.ts";
import { bufferPeaks, MemoryLog } from "../../src/fit/graph/memoryLog.ts";
import { plainHost } from "../../src/fit/hostTraits.ts";
import type { MemoryDevice } from "../../src/fit/memoryDevice.ts";
import { describedMemoryModel, type MemoryModel } from "../../src/fit/memoryModel.ts";
import type { MemorySettings } from "../../src/fit/memorySettings.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { gemma3Toy, glm4MoeToy, gptOssToy, llama2_7b, qwen3MoeToy } from "../gguf/shapes.ts";
import { mixedTypes, plainSettings } from "./sparseModel.ts";

const shapes: readonly ModelShape[] = [
  { ...llama2_7b, n_layers: 6 },
  { ...llama2_7b, n_layers: 6, n_kv_heads: 4, tied_embeddings: true },
  gemma3Toy,
  glm4MoeToy,
  gptOssToy,
  qwen3MoeToy,
];

/** Objects of their own: nothing is known of them yet. */
function freshShape(index: number): ModelShape {
  return { ...structuredClone(shapes[index] ?? llama2_7b), n_ctx_train: 131_072 };
}

/** Two quantizations of one shape: whichever is laid out first, the other follows from it. */
function modelsOf(shape: ModelShape): [MemoryModel, MemoryModel] {
  return [
    describedMemoryModel(shape, "q4_0", mixedTypes(shape, "q4_0", "q6_K")),
    describedMemoryModel(shape, "q8_0", mixedTypes(shape, "q8_0", "f16")),
  ];
}

const contexts = integer({ min: 1, max: 512 }).map((steps) => steps * 256);

const someSettings = record({
  flashAttn: constantFrom("on" as const, "off" as const),
  nUbatch: constantFrom(1, 32, 512, 2048),
  typeK: constantFrom("f16" as const, "f32" as const, "q8_0" as const),
  typeV: constantFrom("f16" as const, "f32" as const),
  gpuLayers: integer({ min: 0, max: 8 }),
  noKvOffload: constantFrom(true, false),
});

const freeBytes = 2 ** 34;

const device = constantFrom(
  { name: "CUDA0", freeBytes },
  { name: "MTL0", freeBytes },
  { name: "Vulkan0", freeBytes },
  { name: "Vulkan0", freeBytes, maxTensorBytes: 2 ** 27 },
);

/** Metal's block maps of a single token are padded. */
const padding = 64;

it("says of a model and a context what it would say if no other had been asked for", () => {
  assert(
    property(
      integer({ min: 0, max: shapes.length - 1 }),
      someSettings,
      array(device, { minLength: 1, maxLength: 2 }),
      array(tuple(contexts, constantFrom(0, 1)), { minLength: 2, maxLength: 6 }),
      (shape, given, places, asked) => {
        const models = modelsOf(freshShape(shape));
        for (const [nCtx, which] of asked) {
          const settings = { ...plainSettings, ...given, nBatch: 2048, nCtx };
          const known = computeBytes(models[which], settings, places);
          const fresh = computeBytes(modelsOf(freshShape(shape))[which], settings, places);
          for (const [place, bytes] of known.entries()) {
            expect(Math.abs(bytes - (fresh[place] ?? 0))).toBeLessThanOrEqual(padding);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

function computeBytes(
  model: MemoryModel | undefined,
  asked: MemorySettings,
  places: readonly MemoryDevice[],
): number[] {
  if (model === undefined) throw new RangeError("no such model");
  const { devices, host } = predictMemory(model, asked, places, plainHost, "sampled");
  return [...devices, host].map(({ computeBytes: bytes }) => bytes);
}

it("lays out where it is asked first and both ends, and nothing between", () => {
  const laidOut: number[] = [];
  const layouts = new ContextLayouts({ least: 512, most: 131_072 }, [], (nCtx) => {
    laidOut.push(nCtx);
    const log = new MemoryLog();
    log.give(log.take(0, 64 * nCtx));
    return { boundedCells: 0, logs: [log] };
  });
  for (const nCtx of [4096, 65_536, 4096, 1024, 99_840, 768]) {
    expect(layouts.at(nCtx).map(({ bytes }) => Array.from(bytes))).toEqual([[64 * nCtx, 0]]);
  }
  expect(laidOut).toEqual([4096, 131_072, 512]);
});

it("takes a hole that is too large, and none that is too small, whatever the log's own sizes", () => {
  const log = new MemoryLog();
  const first = log.take(0, 64);
  log.take(0, 64);
  log.give(first);
  log.take(0, 64);
  const limits = [{ alignment: 32, maxChunkBytes: Infinity }];
  expect(bufferPeaks(log, limits)).toEqual([128]);
  expect(bufferPeaks(log, limits, [64, 64, 0, 96])).toEqual([224]);
});
