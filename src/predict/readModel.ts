/** What of a model decides how fast it is: tensors, caches and experts, whatever its architecture. */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import type { MemoryModel } from "../fit/memoryModel.ts";
import { elementsOf } from "../gguf/ggmlTypes.ts";
import { isOfExperts, layerOf, shareTouched } from "../gguf/tensorTable.ts";

/** A tensor of a file, or of one that could be written. */
export interface ReadTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly bytes: number;
}

/** A memory model is one; so is what is told of a published row's model. */
export type ReadModel = Pick<MemoryModel, "caches" | "heads" | "placedLayers"> & {
  readonly parameters: Pick<MemoryModel["parameters"], "experts">;
  readonly tensors: readonly ReadTensor[];
};

/** One layer, or what belongs to none. */
export interface LayerWork {
  readonly denseBytes: number;
  /** Of all experts together. */
  readonly expertBytes: number;
  /** Elements of matrices that every token is multiplied with. */
  readonly denseElements: number;
  readonly expertElements: number;
}

export interface ModelWork {
  readonly layers: readonly LayerWork[];
  /** The output, and embeddings that are the output too. */
  readonly outside: LayerWork;
  /** Of the residual stream. */
  readonly width: number;
}

const works = new WeakMap<ReadModel, ModelWork>();

export function workOfModel(model: ReadModel): ModelWork {
  return getOrMake(works, model, () => countWork(model));
}

function countWork({ tensors }: ReadModel): ModelWork {
  const byLayer = new Map<number, ReadTensor[]>();
  for (const tensor of tensors) {
    getOrMake(byLayer, layerOf(tensor.name), () => []).push(tensor);
  }
  const tied = !tensors.some(({ name }) => name === "output.weight");
  const outside = (byLayer.get(-1) ?? []).filter(({ name }) => !isLookedUp(name, tied));
  const layers = Math.max(-1, ...byLayer.keys()) + 1;
  return {
    layers: Array.from({ length: layers }, (_, layer) => layerWork(byLayer.get(layer) ?? [])),
    outside: layerWork(outside),
    width: tensors.find(({ name }) => name === "token_embd.weight")?.dims[0] ?? 0,
  };
}

/** Embeddings of which a token takes a row: next to nothing, unless they are the output too. */
export function isLookedUp(name: string, tied: boolean): boolean {
  return name === "per_layer_token_embd.weight" || (name === "token_embd.weight" && !tied);
}

function layerWork(tensors: readonly ReadTensor[]): LayerWork {
  const experts = tensors.filter(({ name }) => isOfExperts(name));
  const dense = tensors.filter(({ name }) => !isOfExperts(name));
  return {
    denseBytes: sumOf(dense, ({ bytes }) => bytes),
    expertBytes: sumOf(experts, ({ bytes }) => bytes),
    denseElements: sumOf(dense, matrixElements),
    expertElements: sumOf(experts, matrixElements),
  };
}

/** Vectors are added and multiplied element by element: next to no operations. */
function matrixElements({ dims }: ReadTensor): number {
  return dims.length < 2 ? 0 : elementsOf(dims);
}

/** Of a layer's experts, the share that so many tokens together go through, if they choose independently. */
export function shareOfExperts({ parameters: { experts } }: ReadModel, tokens: number): number {
  return experts === null ? 1 : shareTouched(experts, tokens);
}
