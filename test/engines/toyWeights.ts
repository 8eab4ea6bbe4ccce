/** Weights of the toy models for tests of the engine: made once, in the test run's cache. */
import { enginePackage } from "../../src/base/version.ts";
import type { Quantization } from "../../src/gguf/quantizations.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { cacheFolder } from "../../src/base/cacheFolder.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { askThrough } from "../../src/engines/llamacpp/askTensorTypes.ts";
import { ensureSyntheticFile } from "../../src/models/syntheticFile.ts";

/** Absolute path of a toy model's GGUF. */
export async function toyWeights(
  quantization: Quantization = "q4_0",
  id = "toy-4m",
): Promise<string> {
  const model = resolveModel(id);
  if (model.kind === "file") throw new Error(`${id} is no model of the catalogue`);
  const child = new LlamaChild("cpu");
  try {
    const { path } = await ensureSyntheticFile({
      modelId: model.id,
      shape: model.shape,
      quantization,
      cacheDir: cacheFolder(),
      engineVersion: enginePackage(),
      ask: askThrough(child),
    });
    return path;
  } finally {
    await child.close();
  }
}
