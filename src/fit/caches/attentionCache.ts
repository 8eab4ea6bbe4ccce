/** One llama_kv_cache: which layers it has, and how wide their keys and values are (llama_kv_cache's constructor, v0.4.0). */
import type { Hyperparameters } from "../../gguf/hyperparameters.ts";
import type { AttentionCache, CellRule } from "./cachePlan.ts";
import { cellWidth } from "./cellWidth.ts";

export type LayerFilter = (layer: number) => boolean;

export function layersOf({ allLayers }: Hyperparameters): number[] {
  return Array.from({ length: allLayers }, (_, layer) => layer);
}

export function attentionCache(
  model: Hyperparameters,
  cells: CellRule,
  filter: LayerFilter,
  { perSequence = false }: { readonly perSequence?: boolean } = {},
): AttentionCache {
  const { layersWithCache } = model;
  const hasCache: LayerFilter = (layer) => layersWithCache === null || layer < layersWithCache;
  return {
    cells,
    perSequence,
    layers: layersOf(model)
      .filter((layer) => hasCache(layer) && filter(layer))
      .map((layer) => ({
        layer,
        key: cellWidth(model, layer, "key"),
        value: model.latent ? 0 : cellWidth(model, layer, "value"),
      })),
    widestValue: model.latent
      ? 0
      : Math.max(...layersOf(model).map((layer) => cellWidth(model, layer, "value"))),
  };
}
