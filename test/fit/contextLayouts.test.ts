import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { expect, it } from "vitest";
import { ContextLayouts } from "../../src/fit/contextLayouts.ts";
import { bufferPeaks, MemoryLog } from "../../src/fit/graph/memoryLog.ts";
import { plainHost } from "../../src/fit/hostTraits.ts";
import { describedMemoryModel } from "../../src/fit/memoryModel.ts";
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

/** Of its own, so that it remembers nothing of what was asked before. */
function freshModel(index: number) {
  const shape = structuredClone(shapes[index] ?? llama2_7b);
  return describedMemoryModel(
    { ...shape, n_ctx_train: 131_072 },
    "q4_0",
    mixedTypes(shape, "q4_0", "q6_K"),
  );
}

const contexts = integer({ min: 1, max: 512 }).map((steps) => steps * 256);

const settings = record({
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

it("says of a context what it would say if no other had been asked for", () => {
  assert(
    property(
      integer({ min: 0, max: shapes.length - 1 }),
      settings,
      array(device, { minLength: 1, maxLength: 2 }),
      array(contexts, { minLength: 2, maxLength: 6 }),
      (shape, given, places, asked) => {
        const model = freshModel(shape);
        for (const nCtx of asked) {
          const predict = (of: typeof model) => {
            const { devices, host } = predictMemory(
              of,
              { ...plainSettings, ...given, nBatch: 2048, nCtx },
              places,
              plainHost,
              "sampled",
            );
            return [...devices, host].map(({ computeBytes }) => computeBytes);
          };
          const alone = predict(freshModel(shape));
          for (const [place, bytes] of predict(model).entries()) {
            expect(Math.abs(bytes - (alone[place] ?? 0))).toBeLessThanOrEqual(padding);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

it("lays out where it is asked first and both ends, and nothing between", () => {
  const laidOut: number[] = [];
  const limits = [{ alignment: 32, maxChunkBytes: Infinity }];
  const layouts = new ContextLayouts({ least: 512, most: 131_072 }, limits, (nCtx) => {
    laidOut.push(nCtx);
    const log = new MemoryLog();
    log.give(log.take(0, 64 * nCtx));
    return { windowCells: 0, logs: [log] };
  });
  for (const nCtx of [4096, 65_536, 4096, 1024, 99_840, 768]) {
    expect(layouts.at(nCtx)).toEqual([64 * nCtx]);
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
