// @ts-check
// A synthetic file with a real one's header: the same tensors of the same types, whatever the architecture.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { LlmbenchError } from "../../dist/index.js";
import {
  cacheFolder,
  flushAndDropCachedPages,
  planImitationOf,
  resolveModel,
  writeSyntheticFile,
} from "../../dist/maintenance.js";

/**
 * @typedef {{ path: string, tensorBytes: number, realTensorBytes: number, remove: () => Promise<void> }} Twin
 */

/**
 * @param {string} file a .gguf with real weights
 * @param {(line: string) => void} say
 * @returns {Promise<Twin>}
 * @throws {LlmbenchError} `input` for a file with tensors that llmbench can't make
 */
export async function syntheticTwin(file, say) {
  const model = resolveModel(file);
  if (model.kind !== "file") {
    throw new LlmbenchError("usage", `--file ${file}: expected a .gguf with real weights`);
  }
  const { gguf } = model;
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), "bench-synthetic-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const plan = planImitationOf(model, folder);
    say(`writing a synthetic twin of ${model.id}`);
    await writeSyntheticFile(plan.path, plan);
    await flushAndDropCachedPages(plan.path);
    const realTensorBytes = gguf.tensors.reduce((sum, { bytes }) => sum + bytes, 0);
    return { path: plan.path, tensorBytes: plan.tensorBytes, realTensorBytes, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
