/** Layers of a cache plan that are alike, counted once: placements ask again and again how many of them lie where. */
import { getOrMake } from "../../base/getOrMake.ts";
import type { AttentionCache, AttentionLayer, CachePlan, StateLayer } from "./cachePlan.ts";

export interface CacheKinds {
  readonly attention: readonly (LayerKind<AttentionLayer> & { readonly cache: AttentionCache })[];
  readonly state: readonly LayerKind<StateLayer>[];
}

export class LayerKind<Layer extends { readonly layer: number }> {
  /** One of them: but for its place in the model the others are the same. */
  readonly layer: Layer;
  readonly count: number;
  /** How many of them come before each layer. */
  private readonly before: readonly number[];

  constructor(layers: readonly [Layer, ...Layer[]]) {
    const [first] = layers;
    this.layer = first;
    this.count = layers.length;
    const theirs = new Set(layers.map(({ layer }) => layer));
    const before = [0];
    for (let layer = 0; layer <= Math.max(...theirs); layer++) {
      before.push((before[layer] ?? 0) + Number(theirs.has(layer)));
    }
    this.before = before;
  }

  /** From one layer to the one before `end`. */
  between(start: number, end: number): number {
    return (this.before[end] ?? this.count) - (this.before[start] ?? this.count);
  }
}

const known = new WeakMap<CachePlan, CacheKinds>();

export function cacheKinds(plan: CachePlan): CacheKinds {
  return getOrMake(known, plan, () => ({
    attention: plan.attention.flatMap((cache) =>
      alike(cache.layers, ({ key, value }) => `${key} ${value}`).map((kind) =>
        Object.assign(kind, { cache }),
      ),
    ),
    state: alike(plan.state, ({ tensors }) => tensors.join(" ")),
  }));
}

function alike<Layer extends { readonly layer: number }>(
  layers: readonly Layer[],
  formOf: (layer: Layer) => string,
): LayerKind<Layer>[] {
  const groups = new Map<string, [Layer, ...Layer[]]>();
  for (const layer of layers) {
    const form = formOf(layer);
    const group = groups.get(form);
    if (group === undefined) groups.set(form, [layer]);
    else group.push(layer);
  }
  return [...groups.values()].map((group) => new LayerKind(group));
}
