/** A model's caches where a placement puts them: each on its layer's device, unless all are kept on the host. */
import { getOrMake } from "../../base/getOrMake.ts";
import type { LayerPlacement, Place } from "../layerPlacement.ts";
import type { AttentionCache, AttentionLayer, CachePlan, StateLayer } from "./cachePlan.ts";
import { attentionLayerBytes, cellsOf, stateLayerBytes, type CacheSettings } from "./cacheBytes.ts";

/** Layers of one cache that are alike. */
interface Alike<Layer> {
  readonly layer: Layer;
  count: number;
}

interface CachesHere {
  readonly attention: Map<string, Alike<AttentionLayer> & { readonly cache: AttentionCache }>;
  readonly state: Map<string, Alike<StateLayer>>;
}

export class PlacedCaches {
  private readonly byPlace = new Map<Place, CachesHere>();

  constructor({ attention, state }: CachePlan, { places }: LayerPlacement, onHost: boolean) {
    const here = (layer: number) =>
      getOrMake(this.byPlace, onHost ? "host" : (places[layer] ?? "host"), () => ({
        attention: new Map(),
        state: new Map(),
      }));
    for (const [index, cache] of attention.entries()) {
      for (const layer of cache.layers) {
        const key = `${index} ${layer.key} ${layer.value}`;
        getOrMake(here(layer.layer).attention, key, () => ({ cache, layer, count: 0 })).count += 1;
      }
    }
    for (const layer of state) {
      const key = layer.tensors.join(" ");
      getOrMake(here(layer.layer).state, key, () => ({ layer, count: 0 })).count += 1;
    }
  }

  /** K and V, each tensor padded to the alignment of the place's buffer. */
  kvBytes(place: Place, settings: CacheSettings, alignment: number): number {
    return sum(
      this.attention(place),
      ({ cache, layer, count }) => count * attentionLayerBytes(cache, layer, settings, alignment),
    );
  }

  stateBytes(place: Place, settings: CacheSettings, alignment: number): number {
    return sum(
      this.byPlace.get(place)?.state.values() ?? [],
      ({ layer, count }) => count * stateLayerBytes(layer, settings.nSequences, alignment),
    );
  }

  /** Of the largest cache there; null where there is none. */
  mostCells(place: Place, settings: CacheSettings): number | null {
    const cells = [...this.attention(place)].map(({ cache }) => cellsOf(cache.cells, settings));
    return cells.length === 0 ? null : Math.max(...cells);
  }

  private attention(place: Place) {
    return this.byPlace.get(place)?.attention.values() ?? [];
  }
}

function sum<T>(items: Iterable<T>, bytesOf: (item: T) => number): number {
  let bytes = 0;
  for (const item of items) bytes += bytesOf(item);
  return bytes;
}
