/** Models whose files are holes: enough for llama.cpp to say what they take, and for us to predict it. */
import { join } from "node:path";
import { ggmlTypes, type GgmlTypeName } from "../../src/gguf/ggmlTypes.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { readGgufModel } from "../../src/gguf/splitFile.ts";
import { writeSparseFile } from "../../src/gguf/sparseFile.ts";
import { tensorTable, unquantizedType, type TensorTypes } from "../../src/gguf/tensorTable.ts";
import { fileMemoryModel } from "../../src/fit/fileMemoryModel.ts";
import type { MemoryModel } from "../../src/fit/memoryModel.ts";
import { usualFitSettings, type MemorySettings } from "../../src/fit/memorySettings.ts";

export interface SparseModel {
  readonly path: string;
  readonly model: MemoryModel;
}

/** Matrices of one type, every other layer's ffn_down and the embeddings of another, as mixes have them. */
export function mixedTypes(
  shape: ModelShape,
  type: GgmlTypeName,
  other: GgmlTypeName = type,
): TensorTypes {
  return new Map(
    tensorTable(shape).map((tensor) => {
      const { name, dims } = tensor;
      const mixed = /blk\.\d*[02468]\.ffn_down|token_embd|output\.weight/.test(name) ? other : type;
      const divides = (dims[0] ?? 0) % ggmlTypes[mixed].blockSize === 0;
      const unquantized = unquantizedType(tensor);
      // Floats that nothing quantizes, and tables of whole numbers.
      return [name, unquantized !== "f16" ? unquantized : divides ? mixed : "f16"];
    }),
  );
}

export function sparseModel(
  folder: string,
  name: string,
  shape: ModelShape,
  types: TensorTypes,
): SparseModel {
  const path = join(folder, `${name}.gguf`);
  writeSparseFile(path, { shape, quantization: "f16", types });
  const model = fileMemoryModel(readGgufModel(path), shape);
  if (model === null) throw new Error("a header that tells nothing");
  return { path, model };
}

export const plainSettings: MemorySettings = {
  ...usualFitSettings,
  nCtx: 512,
  flashAttn: "on",
  gpuLayers: 0,
  loadMode: "none",
};
