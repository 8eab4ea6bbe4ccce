/**
 * What layers cost beside their bytes, in layers of a dense transformer: launches of kernels and waits between them go by
 * the number of operations that a layer consists of.
 */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import { graphNodesOf } from "./graphNodes.ts";
import { workOfModel, type ReadModel } from "./readModel.ts";

/** Nodes of a layer of Llama. */
const denseNodes = 31;

/** While reading a prompt a recurrent layer comes and goes more often than attention does: chunks of 64 tokens each. */
const recurrentActivations = 3;

export interface LayerCosts {
  /** Of decode, and of each ubatch of a prompt. */
  readonly all: number;
  /** Layers' worth of intermediate results of a prompt's token. */
  readonly activations: number;
}

const known = new WeakMap<ReadModel, LayerCosts>();

export function layerCosts(model: ReadModel): LayerCosts {
  return getOrMake(known, model, () => {
    const recurrent = new Set(model.caches.state.map(({ layer }) => layer));
    return {
      all: sumOf(graphNodesOf(model), (nodes) => nodes / denseNodes),
      activations: workOfModel(model).layers.length + (recurrentActivations - 1) * recurrent.size,
    };
  });
}

/** What is known of a model's layers: how many, how wide, and what they cost. */
export interface Layers {
  readonly nLayers: number;
  readonly layerCost?: number;
  /** Of the residual stream; unknown where not said. */
  readonly width?: number;
}

/** Layers of attention and a dense part, whatever norms and biases they have. */
const mostOfDense = 1.4;

/** Whose layers rows tell of: dense models of each other; what a mixture or a recurrent layer costs, only the same shape tells well. */
export function toldLayers(rows: readonly Layers[]): (asked: Layers) => boolean {
  const told = new Set(rows.map(formOf));
  return (asked) => told.has(formOf(asked));
}

function formOf({ layerCost, nLayers, width }: Layers): string {
  const cost = (layerCost ?? nLayers) / nLayers;
  return cost < mostOfDense ? "dense" : `${nLayers} of ${width} at ${cost}`;
}
