/** Operations that a token goes through, told by a model's tensors and caches, beside llama.cpp's own count. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { sumOf } from "../../src/base/sumOf.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { shapeLayers } from "../../src/fit/memoryModel.ts";
import { usualFitSettings } from "../../src/fit/memorySettings.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { writeSparseFile } from "../../src/gguf/sparseFile.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { graphNodesOf } from "../../src/predict/graphNodes.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";

const path = join(temporaryFolder(), "model.gguf");
const child = new LlamaChild("cpu");
afterAll(async () => child.close());

/** Embeddings, the last norm, the output, and what chooses the tokens that it is asked of. */
const outsideLayers = 5;

async function nodesOfLlama(shape: ModelShape): Promise<number> {
  writeSparseFile(path, { shape, quantization: "f16" });
  try {
    const { log } = await child.request({
      type: "memory",
      ...usualFitSettings,
      path,
      gpuLayers: 0,
      nPrompt: 512,
      nGen: 0,
      nDepth: 0,
      loadMode: "none",
      noAlloc: true,
    });
    const found = log.map((line) => /graph nodes *= *(\d+)/.exec(line)?.[1]).find(Boolean);
    if (found === undefined) throw new Error("llama.cpp logs no graph nodes");
    return Number(found);
  } finally {
    rmSync(path, { force: true });
  }
}

function nodesOfShape(shape: ModelShape): number {
  const tensors = tensorTable(shape).map(({ name, dims }) => ({ name, dims, bytes: 0 }));
  return sumOf(graphNodesOf({ ...shapeLayers(shape), tensors }), (nodes) => nodes);
}

/** One of each kind of layer that the catalogue has. */
const models = [
  "llama-3.1-8b",
  "qwen2.5-7b",
  "qwen3-30b-a3b",
  "gpt-oss-20b",
  "glm-4.7-flash",
  "glm-5.2",
  "deepseek-v4-flash",
  "gemma-4-26b-a4b",
  "qwen3-next-80b-a3b",
  "qwen3.5-122b-a10b",
  "nemotron-3-nano-30b-a3b",
  "nemotron-3-super-120b-a12b",
  "granite-4.0-h-tiny",
  "lfm2-8b-a1b",
  "ministral-3-14b",
];

describe("a token's graph has as many nodes as its layers' kinds tell, within a sixth", () => {
  test.each(models)("%s", async (id) => {
    const shape = catalogue().find(id)?.shape;
    if (shape === undefined) throw new Error(`no model ${id}`);
    const ratio = nodesOfShape(shape) / ((await nodesOfLlama(shape)) - outsideLayers);
    expect(ratio).toBeGreaterThan(5 / 6);
    expect(ratio).toBeLessThan(7 / 6);
  });
});
