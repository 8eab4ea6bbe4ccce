// @ts-check
// A synthetic file with the shape of a real one and the same type for each tensor.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { enginePackage } from "../../dist/base/version.js";
import { LlmbenchError } from "../../dist/errors.js";
import { cacheFolder } from "../../dist/models/cacheFolder.js";
import { flushAndDropCachedPages } from "../../dist/models/cachedPages.js";
import { resolveModel } from "../../dist/models/resolveModel.js";
import { writeSyntheticFile } from "../../dist/models/syntheticFile.js";
import { planSyntheticFile } from "../../dist/models/syntheticPlan.js";

/**
 * @typedef {{ path: string, tensorBytes: number, realTensorBytes: number, remove: () => Promise<void> }} Twin
 */

/**
 * @param {string} file a .gguf with real weights
 * @param {(line: string) => void} say
 * @returns {Promise<Twin>}
 * @throws {LlmbenchError} `input` for a file whose architecture llmbench can't make
 */
export async function syntheticTwin(file, say) {
  const model = resolveModel(file);
  if (model.kind !== "file") {
    throw new LlmbenchError("usage", `--file ${file}: expected a .gguf with real weights`);
  }
  const { shape, quantization, gguf } = model;
  if (shape === null || quantization === null) {
    const what = shape === null ? "architecture" : "file type";
    throw new LlmbenchError("input", `${file}: llmbench can't make weights of this ${what}`);
  }
  const types = new Map(gguf.tensors.map(({ name, type }) => [name, type]));
  await mkdir(cacheFolder(), { recursive: true });
  // A cache of its own: the file's types need not be those that llama.cpp chooses today.
  const folder = await mkdtemp(join(cacheFolder(), "bench-synthetic-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const plan = await planSyntheticFile({
      modelId: `${model.id}-twin`,
      shape,
      quantization,
      cacheDir: folder,
      engineVersion: enginePackage(),
      ask: async () => types,
    });
    say(`writing a synthetic twin of ${model.id} ${quantization}`);
    await writeSyntheticFile(plan.path, plan);
    await flushAndDropCachedPages(plan.path);
    const realTensorBytes = gguf.tensors.reduce((sum, { bytes }) => sum + bytes, 0);
    return { path: plan.path, tensorBytes: plan.tensorBytes, realTensorBytes, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
