/** What speeds are asked of, where a test asks for nothing else: llama-bench's tests and settings, all layers on the device. */
import { shapeLayers } from "../../src/fit/memoryModel.ts";
import { bytesOf } from "../../src/gguf/ggmlTypes.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import type { SpeedQuestion } from "../../src/predict/predictSpeed.ts";

export const usualQuestion = {
  nGpuLayers: 999,
  nPrompt: 512,
  nGen: 128,
  nDepth: 0,
  nBatch: 2048,
  nUbatch: 512,
  typeK: "f16",
  typeV: "f16",
  flashAttention: true,
} as const satisfies Partial<SpeedQuestion>;

/** A model of the catalogue, its matrices as Q4_0. */
export function modelNamed(name: string): SpeedQuestion["model"] {
  const shape = catalogue().find(name)?.shape;
  if (shape === undefined) throw new Error(`no model ${name}`);
  return {
    ...shapeLayers(shape),
    tensors: tensorTable(shape).map(({ name: tensor, dims, role }) => ({
      name: tensor,
      dims,
      bytes: bytesOf(role === "matrix" ? "q4_0" : "f32", dims),
    })),
  };
}
