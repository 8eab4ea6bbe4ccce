/** A synthetic file before it is written: its header, what fills its tensors, its size, its name. */
import { join } from "node:path";
import type { TensorContent } from "../gguf/blocks/weightStream.ts";
import { elementsOf, ggmlTypes } from "../gguf/ggmlTypes.ts";
import { modelMetadata } from "../gguf/modelMetadata.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { shapeRopeFactors } from "../gguf/ropeFactors.ts";
import type { TensorRole } from "../gguf/tensors/tensorShape.ts";
import { alignTo, defaultAlignment, fileOrder } from "../gguf/tensorTable.ts";
import { vocabularyMetadata } from "../gguf/vocabulary.ts";
import { encodeHeader, placeTensors } from "../gguf/writeHeader.ts";
import type { PlacedTensor } from "../gguf/writeHeader.ts";
import { syntheticFolder } from "../base/cacheFolder.ts";
import { markMetadata, recipeDigest } from "./syntheticRecipe.ts";
import type { SyntheticRecipe } from "./syntheticRecipe.ts";
import { tensorTypesOf } from "./syntheticTypes.ts";
import type { TensorTypesQuestion } from "./syntheticTypes.ts";

export interface SyntheticQuestion extends TensorTypesQuestion {
  readonly modelId: string;
}

export interface SyntheticPlan {
  /** The file's place in the cache. */
  readonly path: string;
  readonly digest: string;
  readonly header: Buffer;
  /** In the file's order. */
  readonly tensors: readonly PlacedTensor[];
  /** Some are read, or fetched, only when the file is written. */
  readonly contents: (signal?: AbortSignal) => Promise<readonly TensorContent[]>;
  /** Of each tensor's beginning, in bytes. */
  readonly alignment: number;
  /** The file or the remote model whose header it has; null for one of llmbench's own making. */
  readonly headerOf: string | null;
  /** Tensor data without padding, as llama.cpp's "model size" and the CSV's `weights_bytes` count. */
  readonly tensorBytes: number;
  /** The data section, padding included. */
  readonly dataBytes: number;
  readonly fileBytes: number;
}

/** @throws LlmbenchError (`config`) where the shape can't have a vocabulary. */
export async function planSyntheticFile(question: SyntheticQuestion): Promise<SyntheticPlan> {
  const { modelId, shape, quantization, cacheDir } = question;
  const types = await tensorTypesOf(question);
  const recipe: SyntheticRecipe = { modelId, shape, quantization, types };
  const digest = recipeDigest(recipe);
  const table = fileOrder(shape, quantization);
  const tensors = placeTensors(
    table.map(({ name, dims }) => ({ name, dims, type: types.get(name) ?? "f32" })),
  );
  const header = encodeHeader(
    [
      ...modelMetadata(shape, quantization, modelId),
      ...markMetadata({ digest, model: modelId, quantization, headerOf: null }),
      ...vocabularyMetadata(shape),
    ],
    tensors,
  );
  const dataBytes = tensors.reduce((sum, { bytes }) => sum + alignTo(bytes, defaultAlignment), 0);
  return {
    path: join(syntheticFolder(cacheDir), fileName(recipe, digest)),
    digest,
    header,
    tensors,
    contents: async () =>
      tensors.map((tensor, i) => contentOf(tensor, table[i]?.role ?? "matrix", shape)),
    alignment: defaultAlignment,
    headerOf: null,
    tensorBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    dataBytes,
    fileBytes: header.length + dataBytes,
  };
}

function fileName({ modelId, quantization }: SyntheticRecipe, digest: string): string {
  const id = modelId.replaceAll(/[^\w.-]/g, "-");
  return `${id}.${quantization}.synthetic-${digest.slice(0, 12)}.gguf`;
}

function contentOf(
  { type, dims }: PlacedTensor,
  role: TensorRole,
  shape: ModelShape,
): TensorContent {
  const [inputs = 1] = dims;
  switch (role) {
    case "norm":
      return { kind: "values", values: new Float32Array(elementsOf(dims)).fill(1) };
    case "rope_factors":
      return { kind: "values", values: shapeRopeFactors(shape) };
    case "decay":
      // As models are initialized: between a step's whole share and a small part of it is forgotten.
      return { kind: "values", values: new Float32Array(elementsOf(dims)).fill(-1) };
    case "choices":
      return { kind: "bytes", bytes: expertChoices(dims, shape.experts?.count ?? 1) };
    case "matrix":
    case "kernel":
    case "bias":
      // Keeps the output's variance that of the input: nothing fades or overflows through 80 layers.
      return {
        kind: "random",
        type,
        blocks: elementsOf(dims) / ggmlTypes[type].blockSize,
        deviation: 1 / Math.sqrt(inputs),
      };
    default:
      return role satisfies never;
  }
}

/** Of each token different experts, spread over all of them. */
function expertChoices([used = 1, tokens = 1]: readonly number[], count: number): Uint8Array {
  const bytes = Buffer.alloc(4 * used * tokens);
  const apart = Math.max(1, Math.floor(count / used));
  for (let token = 0; token < tokens; token++) {
    // Knuth's multiplicative hash, The Art of Computer Programming, 6.4.
    const first = Math.imul(token, 2_654_435_761) >>> 0;
    for (let k = 0; k < used; k++) {
      bytes.writeInt32LE((first + k * apart) % count, 4 * (token * used + k));
    }
  }
  return bytes;
}
