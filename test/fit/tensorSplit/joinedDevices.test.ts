import { afterAll, describe, expect, it } from "vitest";
import { LlamaChild } from "../../../src/engines/llamacpp/llamaChild.ts";
import { hasVulkan } from "../../engines/vulkan.ts";
import { glm4MoeToy } from "../../gguf/shapes.ts";
import { temporaryFolder } from "../../gguf/temporaryFolder.ts";
import { softwareDevices, wrong } from "../printedMemory.ts";
import { mixedTypes, sparseModel, type SparseModel } from "../sparseModel.ts";
import { sparseToys } from "../sparseToys.ts";

const folder = temporaryFolder();
const { models, foreign } = sparseToys(folder);

/** Rows of two blocks at least: one can't be cut. */
const cut: Readonly<Record<string, SparseModel>> = {
  ...models,
  ...foreign,
  "a shared expert, q4_K": sparseModel(folder, "h", glm4MoeToy, mixedTypes(glm4MoeToy, "q4_0")),
};

describe.skipIf(!hasVulkan)("devices that compute every layer together", () => {
  // The one software device, twice.
  const child = new LlamaChild("vulkan", {
    env: { ...process.env, GGML_VK_VISIBLE_DEVICES: "0,0" },
  });
  afterAll(() => child.close());

  it.each(Object.entries(cut))(
    "hold what llama.cpp prints: %s",
    async (_, model) => {
      const grid = [0, 1, 5, 99].flatMap((gpuLayers) =>
        [[], [3, 1]].flatMap((tensorSplit) => [
          { gpuLayers, tensorSplit, nCtx: 1100, flashAttn: "auto" as const },
          { gpuLayers, tensorSplit, nCtx: 4096, typeK: "q8_0" as const, typeV: "q8_0" as const },
          { gpuLayers, tensorSplit, nCtx: 1100, nUbatch: 64, nCpuMoe: 1 },
          { gpuLayers, tensorSplit, nCtx: 700, noKvOffload: true },
        ]),
      );
      const joined = grid.map((one) => Object.assign({ splitMode: "tensor" as const }, one));
      expect(await wrong(child, softwareDevices(2), model, joined, { allocate: true })).toEqual([]);
    },
    240_000,
  );
});
