/** The graph to lay out for a placement: which weights and caches lie where, and few layers in place of many. */
import { getOrMake } from "../base/getOrMake.ts";
import {
  denseWidth,
  feedForwardOf,
  headsOf,
  isWindowed,
  mixerOf,
  sharesCache,
  type ModelShape,
} from "../gguf/modelShape.ts";
import { cellsOf } from "./caches/cacheBytes.ts";
import { windowCells } from "./caches/shapeCells.ts";
import { traitsOf } from "./deviceTraits.ts";
import { usesFlashAttention } from "./flashAttention.ts";
import type { GraphLayer, GraphPlan } from "./graph/batch.ts";
import { graphWeights, type WeightPlaces } from "./graphWeights.ts";
import type { LayerPlacement, Place } from "./layerPlacement.ts";
import type { MemoryModel } from "./memoryModel.ts";
import { laidOutRuns, type GraphDetail } from "./laidOutRuns.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";

/** Below it, norms are kept with their layer (graph_get_cb, src/llama-context.cpp, v0.4.0). */
const smallBatch = 32;

export interface GraphPlaces extends WeightPlaces {
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
  const flashAttn = usesFlashAttention(settings, model, placement, devices);
  const homeOf = (place: Place | undefined) => (typeof place === "number" ? place : host);
  const weights = graphWeights(model, settings, { devices, repacks });
  const cacheHome = (layer: number) =>
    settings.noKvOffload ? host : homeOf(places[cachedIn(shape, layer)]);
  return {
    shape,
    layers: laidOutRuns(placement, shape, settings, detail)
      .flatMap(({ layers }) => layers)
      .map((index): GraphLayer => ({
        index,
        home: homeOf(places[index]),
        kvHome: cacheHome(index),
        mixer: mixerOf(shape, index),
        windowed: isWindowed(shape, index),
        heads: headsOf(shape, index),
        sharesCache: sharesCache(shape, index),
        feedForward: feedForwardOf(shape, index),
        denseWidth: denseWidth(shape, index),
        weights: weights.ofLayer(index, places[index]),
      })),
    ...weights.outsideLayers(places),
    nTokens,
    nCtx,
    nCtxWindow: windowCells(shape, settings),
    typeK: settings.typeK,
    typeV: settings.typeV,
    flashAttn,
    // The cache is made before `auto` is decided (llama_context's constructor).
    transposedV: settings.flashAttn === "off",
    widestValue: widestValue(shape),
    nCells: (tokens) => cellsOf({ kind: "compressed", tokens }, settings),
    fusesStreams: devices.every(
      (device, index) => traitsOf(device).mixesStreams || !places.includes(index),
    ),
    kvOffload: !settings.noKvOffload,
    pinNorms: nGpuLayers > model.placedLayers || nTokens < smallBatch,
    host,
    flashAttnScratch: (sizes) =>
      devices.map((device) =>
        traitsOf(device).flashAttnScratch({ ...settings, nTokens, ...sizes }),
      ),
  };
}

/** Layers that have no cache read that of the last one before them which looks back as far (Gemma 4, src/llama-model.cpp). */
function cachedIn(shape: ModelShape, layer: number): number {
  if (!sharesCache(shape, layer)) return layer;
  let last = layer;
  while (sharesCache(shape, last) || isWindowed(shape, last) !== isWindowed(shape, layer))
    last -= 1;
  return last;
}

const widest = new WeakMap<ModelShape, number>();

/** Elements of a layer's values, all heads together, at most. */
function widestValue(shape: ModelShape): number {
  return getOrMake(widest, shape, () => widestOf(shape));
}

function widestOf(shape: ModelShape): number {
  const widths = Array.from({ length: shape.n_layers }, (_, layer) => {
    const { kvHeads, size } = headsOf(shape, layer);
    return kvHeads * size;
  });
  return Math.max(...widths);
}
