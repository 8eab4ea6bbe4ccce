/**
 * What layers cost beside their bytes, in layers of a dense transformer: launches of kernels and waits between them go by
 * the number of operations that a layer consists of.
 */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import { isOfExperts, layerOf } from "../gguf/tensorTable.ts";
import type { ReadModel } from "./readModel.ts";

/** A dense layer is attention and a feed-forward part, about ten operations each. */
const attention = 0.5;
const denseFeedForward = 0.5;

/** Router, choice, gathering and weighing beside the matrices: twice a dense part (RTX 5090 and Strix Halo, rows of 2026). */
const mixture = 1;

/** Convolution, gates, decays and the state's update: three times attention (the same rows). */
const recurrence = 1.5;

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
  return getOrMake(known, model, () => countCosts(model));
}

function countCosts({ tensors, caches }: ReadModel): LayerCosts {
  const recurrent = new Set(caches.state.map(({ layer }) => layer));
  const attending = new Set(
    caches.attention.flatMap(({ layers }) => layers.map((one) => one.layer)),
  );
  const parts = new Map<number, Set<Part>>();
  for (const { name } of tensors) {
    const layer = layerOf(name);
    if (layer === -1) continue;
    const found = getOrMake(parts, layer, () => new Set<Part>());
    if (recurrent.has(layer)) found.add("recurrence");
    if (attending.has(layer) || (!recurrent.has(layer) && name.includes(".attn_q"))) {
      found.add("attention");
    }
    if (isOfExperts(name)) found.add("mixture");
    else if (/\.(?:ffn_down|channel_mix)/.test(name)) found.add("dense");
  }
  const layers = [...parts.values()];
  return {
    all: sumOf(layers, costOf),
    activations: sumOf(layers, (one) => (one.has("recurrence") ? recurrentActivations : 1)),
  };
}

type Part = keyof typeof costs;

const costs = { attention, recurrence, mixture, dense: denseFeedForward } as const;

/** Shared experts run beside the others, and are part of the mixture. */
function costOf(parts: ReadonlySet<Part>): number {
  return sumOf([...parts], (part) => (part === "dense" && parts.has("mixture") ? 0 : costs[part]));
}

/** What is known of a model's layers: how many, how wide, and what they cost. */
export interface Layers {
  readonly nLayers: number;
  readonly layerCost?: number;
  /** Of the residual stream; unknown where not said. */
  readonly width?: number;
}

/** Whose layers rows tell of: dense models of each other; what a mixture or a recurrent layer costs, only the same shape tells well. */
export function toldLayers(rows: readonly Layers[]): (asked: Layers) => boolean {
  const told = new Set(rows.map(formOf));
  return (asked) => told.has(formOf(asked));
}

function formOf({ layerCost, nLayers, width }: Layers): string {
  const cost = (layerCost ?? nLayers) / nLayers;
  return cost === 1 ? "dense" : `${nLayers} of ${width} at ${cost}`;
}
