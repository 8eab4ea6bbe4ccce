/** What memory prediction needs of a model: its shape, and its tensors in the order of its files. */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import type { Hyperparameters } from "../gguf/hyperparameters.ts";
import { hyperparameters } from "../gguf/readHyperparameters.ts";
import { shapeMetadata } from "../gguf/modelMetadata.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { fileOrder, layerOf, type TensorTypes } from "../gguf/tensorTable.ts";
import { placeTensors, type PlacedTensor } from "../gguf/writeHeader.ts";
import { attentionHeads, type AttentionHeads } from "./attentionHeads.ts";
import type { CachePlan } from "./caches/cachePlan.ts";
import { planCaches } from "./caches/planCaches.ts";
import { computeBand, type ComputeBand } from "./computeBand.ts";
import { hasKnownGraph } from "./graph/graphTraits.ts";
import { resemblingShape } from "./resemblingShape.ts";

export interface FileTensor extends PlacedTensor {
  /** Which file of a split model, from 0; `offset` counts from its data. */
  readonly file: number;
  /** The transformer block it belongs to, -1 for the others. */
  readonly layer: number;
}

export interface MemoryModel {
  readonly shape: ModelShape;
  /** False where `shape` only resembles the file's: weights and caches are exact then, compute buffers an estimate. */
  readonly known: boolean;
  /** Of that estimate; null where there is none. */
  readonly computeBand: ComputeBand | null;
  /** Layers that llama.cpp places, the output layer apart: those that only predict further tokens are among them. */
  readonly placedLayers: number;
  readonly caches: CachePlan;
  /** As llama.cpp reads them from the header, or from one that a file of the shape would have. */
  readonly parameters: Hyperparameters;
  /** Kinds of attention that its layers do; none where no layer attends to a cache. */
  readonly heads: readonly AttentionHeads[];
  /** Those that are loaded. */
  readonly tensors: readonly FileTensor[];
  /** Their data. */
  readonly loadedBytes: number;
  /** Tensor data alone, as the CSV's `weights_bytes`. */
  readonly weightsBytes: number;
}

/** Layers and caches, from a header or from a shape. */
export type ModelLayers = Pick<Hyperparameters, "trunkLayers"> &
  Pick<MemoryModel, "placedLayers" | "caches" | "heads" | "parameters">;

export function modelLayers(parameters: Hyperparameters): ModelLayers {
  const { trunkLayers, allLayers } = parameters;
  return {
    trunkLayers,
    placedLayers: allLayers,
    caches: planCaches(parameters),
    parameters,
    heads: attentionHeads(parameters),
  };
}

interface DescribedLayers {
  readonly layers: ModelLayers;
  /** Whose graph is laid out: the shape itself, or one that resembles it. */
  readonly graph: ModelShape;
  readonly band: ComputeBand | null;
}

const describedLayers = new WeakMap<ModelShape, DescribedLayers>();

/** Of a shape, which knows no layers behind the last. */
export function shapeLayers(shape: ModelShape): ModelLayers {
  return layersOfShape(shape).layers;
}

function layersOfShape(shape: ModelShape): DescribedLayers {
  return getOrMake(describedLayers, shape, () => {
    const parameters = hyperparameters(shapeMetadata(shape), () => false);
    if (parameters === undefined) throw new RangeError("a shape without layers");
    const layers = modelLayers(parameters);
    if (hasKnownGraph(shape)) return { layers, graph: shape, band: null };
    const graph = resemblingShape({
      parameters,
      caches: layers.caches,
      vocabulary: shape.n_vocab,
      trainedTokens: shape.n_ctx_train,
      tiedEmbeddings: shape.tied_embeddings,
      expertsWidth: shape.experts === undefined ? 0 : shape.experts.used * shape.experts.n_ff,
    });
    if (graph === null) throw new RangeError("a shape that no other resembles");
    return { layers, graph, band: computeBand(parameters) };
  });
}

/** Tensors without a layer in their name that are placed with the first one (src/models, v0.4.0). */
const ofFirstLayer: ReadonlySet<string> = new Set([
  "token_embd_norm.weight",
  "token_embd_norm.bias",
  "per_layer_model_proj.weight",
  "per_layer_proj_norm.weight",
]);

export function memoryModel(
  shape: ModelShape,
  files: readonly (readonly PlacedTensor[])[],
  { trunkLayers, placedLayers, caches, parameters, heads }: ModelLayers,
  band: ComputeBand | null,
): MemoryModel {
  const all = files.flatMap((placed, file) =>
    placed.map(({ name, dims, type, offset, bytes }) => ({
      name,
      dims,
      type,
      offset,
      bytes,
      file,
      layer: ofFirstLayer.has(name) ? 0 : layerOf(name),
    })),
  );
  // Layers that only predict further tokens are not loaded (`load_mtp`).
  const tensors = all.filter(({ layer }) => layer < trunkLayers);
  return {
    shape,
    known: band === null,
    computeBand: band,
    placedLayers,
    caches,
    parameters,
    heads,
    tensors,
    loadedBytes: sumOf(tensors, ({ bytes }) => bytes),
    weightsBytes: sumOf(all, ({ bytes }) => bytes),
  };
}

/** A file of llmbench's own making. */
export function shapeMemoryModel(shape: ModelShape, tensors: readonly PlacedTensor[]): MemoryModel {
  const { graph, layers, band } = layersOfShape(shape);
  return memoryModel(graph, [tensors], layers, band);
}

/**
 * A model that is described, as a file of it would be: floats in the converter's order, all else as llama-quantize
 * sorts it.
 *
 * @throws RangeError where a tensor has no type.
 */
export function describedMemoryModel(
  shape: ModelShape,
  quantization: Quantization,
  types: TensorTypes,
): MemoryModel {
  const typed = fileOrder(shape, quantization).map(({ name, dims }) => {
    const type = types.get(name);
    if (type === undefined) throw new RangeError(`no type for tensor ${name}`);
    return { name, dims, type };
  });
  return shapeMemoryModel(shape, placeTensors(typed));
}
