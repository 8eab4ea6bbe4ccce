/** The graph to lay out for a placement: which weights and caches lie where, and few layers in place of many. */
import {
  denseWidth,
  feedForwardOf,
  headsOf,
  isWindowed,
  mixerOf,
  sharesCache,
  type ModelShape,
} from "../gguf/modelShape.ts";
import { windowCells } from "./caches/shapeCells.ts";
import { traitsOf } from "./deviceTraits.ts";
import { usesFlashAttention } from "./flashAttention.ts";
import type { GraphWeight } from "./graph/graphTensor.ts";
import type { GraphLayer, GraphPlan } from "./graph/batch.ts";
import type { HostTraits } from "./hostTraits.ts";
import type { LayerPlacement, Place } from "./layerPlacement.ts";
import type { MemoryDevice } from "./memoryDevice.ts";
import type { FileTensor, MemoryModel } from "./memoryModel.ts";
import { laidOutRuns, type GraphDetail } from "./laidOutRuns.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";
import { namedPlaces } from "./namedPlaces.ts";
import { recurrenceOf } from "./scanWeights.ts";
import { demandedBytes } from "./weightGroups.ts";

/** Below it, norms are kept with their layer (graph_get_cb, src/llama-context.cpp, v0.4.0). */
const smallBatch = 32;

export interface GraphPlaces {
  readonly devices: readonly MemoryDevice[];
  /** What the CPU does with weights on the host. */
  readonly repacks: HostTraits["repacks"];
  readonly detail: GraphDetail;
}

export function graphPlan(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  { devices, repacks, detail }: GraphPlaces,
): GraphPlan {
  const { shape } = model;
  const { places, nGpuLayers } = placement;
  const host = devices.length;
  const nCtx = paddedContext(settings.nCtx);
  const nTokens = Math.min(settings.nUbatch, settings.nBatch, settings.nCtx);
  const flashAttn = usesFlashAttention(settings, model.heads, placement, devices);
  const homeOf = (place: Place | undefined) => (typeof place === "number" ? place : host);
  const named = namedPlaces(settings, devices);
  const weight = (tensor: FileTensor | undefined, place: Place | undefined): GraphWeight => {
    const { name = "", type = "f32", bytes = 0 } = tensor ?? {};
    const { dims = [shape.n_embd, shape.n_vocab] } = tensor ?? {};
    const ofName = tensor === undefined ? null : named.of(tensor);
    const home = homeOf(ofName ?? place);
    const device = devices[home];
    // Where it is placed by name, nobody asks whether it suits.
    const suits =
      ofName !== null ||
      device === undefined ||
      (demandedBytes({ bytes, dims }) <= (device.maxTensorBytes ?? Infinity) &&
        (tensor === undefined || recursOn(device, model, tensor)));
    const held = suits ? home : host;
    return { name, type, dims, home: held, repacked: held === host && repacks({ type, dims }) };
  };
  const parts = modelParts(model);
  const output = places.at(-1);
  const cacheHome = (layer: number) =>
    settings.noKvOffload ? host : homeOf(places[cachedIn(shape, layer)]);
  return {
    shape,
    layers: laidOutRuns(placement, shape, settings, detail)
      .flatMap(({ layers }) => layers)
      .map((index): GraphLayer => {
        const ofLayer = parts.layers[index] ?? new Map<string, FileTensor>();
        const weights = [...ofLayer].map(([name, tensor]) => [name, weight(tensor, places[index])]);
        if (parts.ropeFactors !== undefined) {
          weights.push(["rope_freqs.weight", weight(parts.ropeFactors, places[index])]);
        }
        return {
          index,
          home: homeOf(places[index]),
          kvHome: cacheHome(index),
          mixer: mixerOf(shape, index),
          windowed: isWindowed(shape, index),
          heads: headsOf(shape, index),
          sharesCache: sharesCache(shape, index),
          feedForward: feedForwardOf(shape, index),
          denseWidth: denseWidth(shape, index),
          weights: Object.fromEntries(weights) as Partial<Record<string, GraphWeight>>,
        };
      }),
    embeddings: weight(parts.embeddings, "host"),
    others: Object.fromEntries(
      parts.layerInputs.map((tensor) => [
        tensor.name,
        weight(tensor, tensor.layer === 0 ? places[0] : "host"),
      ]),
    ),
    outputNorm: weight(parts.outputNorm, output),
    output: weight(parts.output ?? parts.embeddings, output),
    nTokens,
    nCtx,
    nCtxWindow: windowCells(shape, settings),
    typeK: settings.typeK,
    typeV: settings.typeV,
    flashAttn,
    // The cache is made before `auto` is decided (llama_context's constructor).
    transposedV: settings.flashAttn === "off",
    widestValue: widestValue(shape),
    kvOffload: !settings.noKvOffload,
    pinNorms: nGpuLayers > model.placedLayers || nTokens < smallBatch,
    host,
    flashAttnScratch: (sizes) =>
      devices.map((device) =>
        traitsOf(device).flashAttnScratch({ ...settings, nTokens, ...sizes }),
      ),
  };
}

function recursOn(device: MemoryDevice, { parameters }: MemoryModel, tensor: FileTensor): boolean {
  const recurrence = recurrenceOf(parameters, tensor);
  return recurrence === null || traitsOf(device).recurs(recurrence);
}

/** Layers that have no cache read that of the last one before them which looks back as far (Gemma 4, src/llama-model.cpp). */
function cachedIn(shape: ModelShape, layer: number): number {
  if (!sharesCache(shape, layer)) return layer;
  let last = layer;
  while (sharesCache(shape, last) || isWindowed(shape, last) !== isWindowed(shape, layer))
    last -= 1;
  return last;
}

/** Elements of a layer's values, all heads together, at most. */
function widestValue(shape: ModelShape): number {
  const widths = Array.from({ length: shape.n_layers }, (_, layer) => {
    const { kvHeads, size } = headsOf(shape, layer);
    return kvHeads * size;
  });
  return Math.max(...widths);
}

export function tensorNamed(model: MemoryModel, name: string): FileTensor | undefined {
  return modelParts(model).byName.get(name);
}

interface ModelParts {
  readonly byName: ReadonlyMap<string, FileTensor>;
  readonly embeddings: FileTensor | undefined;
  readonly output: FileTensor | undefined;
  readonly outputNorm: FileTensor | undefined;
  readonly ropeFactors: FileTensor | undefined;
  /** Of a second embedding, which each token has for each layer. */
  readonly layerInputs: readonly FileTensor[];
  /** `attn_q.weight` and so on, by layer. */
  readonly layers: readonly ReadonlyMap<string, FileTensor>[];
}

const partsOf = new WeakMap<MemoryModel, ModelParts>();

function modelParts(model: MemoryModel): ModelParts {
  const known = partsOf.get(model);
  if (known !== undefined) return known;
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const layers = Array.from({ length: model.shape.n_layers }, () => new Map<string, FileTensor>());
  for (const tensor of model.tensors) {
    const part = /^blk\.\d+\.(.+)$/.exec(tensor.name)?.[1];
    if (part !== undefined) layers[tensor.layer]?.set(part, tensor);
  }
  const parts = {
    byName,
    embeddings: byName.get("token_embd.weight"),
    output: byName.get("output.weight"),
    // LFM2's goes by the name of another.
    outputNorm: byName.get("output_norm.weight") ?? byName.get("token_embd_norm.weight"),
    ropeFactors: byName.get("rope_freqs.weight"),
    layerInputs: model.tensors.filter(({ name }) => name.startsWith("per_layer_")),
    layers,
  };
  partsOf.set(model, parts);
  return parts;
}
