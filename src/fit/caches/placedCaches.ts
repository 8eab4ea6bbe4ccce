/** A model's caches where a placement puts them: each on its layer's device, unless all are kept on the host. */
import { sumOf } from "../../base/sumOf.ts";
import type { LayerPlacement, Place } from "../layerPlacement.ts";
import { attentionLayerBytes, cellsOf, stateLayerBytes, type CacheSettings } from "./cacheBytes.ts";
import { cacheKinds, type CacheKinds, type LayerKind } from "./cacheKinds.ts";
import type { AttentionCache, CachePlan } from "./cachePlan.ts";

export class PlacedCaches {
  private readonly kinds: CacheKinds;
  private readonly placement: LayerPlacement;
  private readonly onHost: boolean;

  constructor(plan: CachePlan, placement: LayerPlacement, onHost: boolean) {
    this.kinds = cacheKinds(plan);
    this.placement = placement;
    this.onHost = onHost;
  }

  /** K and V, each tensor padded to the alignment of the place's buffer. */
  kvBytes(place: Place, settings: CacheSettings, alignment: number): number {
    return sumOf(this.kinds.attention, (kind) => this.kindBytes(place, kind, settings, alignment));
  }

  /** Of the largest llama_kv_cache there: each is allocated for itself. */
  largestKvBytes(place: Place, settings: CacheSettings, alignment: number): number {
    const sums = new Map<AttentionCache, number>();
    for (const kind of this.kinds.attention) {
      const bytes = this.kindBytes(place, kind, settings, alignment);
      sums.set(kind.cache, (sums.get(kind.cache) ?? 0) + bytes);
    }
    return Math.max(0, ...sums.values());
  }

  stateBytes(place: Place, { nSequences }: CacheSettings, alignment: number): number {
    return sumOf(
      this.kinds.state,
      (kind) => this.countAt(place, kind) * stateLayerBytes(kind.layer, nSequences, alignment),
    );
  }

  /** Of the largest cache there; null where there is none. */
  mostCells(place: Place, settings: CacheSettings): number | null {
    const cells = this.kinds.attention
      .filter((kind) => this.countAt(place, kind) > 0)
      .map(({ cache }) => cellsOf(cache.cells, settings));
    return cells.length === 0 ? null : Math.max(...cells);
  }

  private kindBytes(
    place: Place,
    kind: CacheKinds["attention"][number],
    settings: CacheSettings,
    alignment: number,
  ): number {
    const count = this.countAt(place, kind);
    if (count === 0) return 0;
    return count * attentionLayerBytes(kind.cache, kind.layer, settings, alignment);
  }

  private countAt(place: Place, kind: LayerKind<{ readonly layer: number }>): number {
    if (this.onHost) return place === "host" ? kind.count : 0;
    return sumOf(this.placement.runs, (run) =>
      run.place === place ? kind.between(run.start, run.end) : 0,
    );
  }
}
