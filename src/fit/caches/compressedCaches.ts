/** DeepSeek-V4's caches: a window of tokens, and cells that stand for many (llama_kv_cache_dsv4, src/llama-kv-cache-dsv4.cpp, v0.4.0). */
import type { Hyperparameters } from "../../gguf/hyperparameters.ts";
import { attentionCache, type LayerFilter } from "./attentionCache.ts";
import type { AttentionCache, CachePlan, CellRule, StateLayer } from "./cachePlan.ts";

/** DSV4_CSA_RATIO and DSV4_HCA_RATIO: tokens that become one cell. */
const sparseRatio = 4;
const heavyRatio = 128;

export function compressedCaches(model: Hyperparameters): CachePlan {
  const { window, compressRatios, indexer, trunkLayers } = model;
  const keySize = firstKeySize(model);
  const indexerSize = indexer?.keySize ?? 0;
  // dsv4_make_k_only: V is read out of K.
  const keysOnly: Hyperparameters = { ...model, latent: true };
  const indexed: Hyperparameters = {
    ...keysOnly,
    kvHeads: model.kvHeads.map(() => 1),
    headSizes: { key: indexerSize, value: 0 },
    windowHeadSizes: { key: indexerSize, value: 0 },
  };
  const compressed =
    (ratio: number): LayerFilter =>
    (layer) =>
      compressRatios[layer] === ratio;
  /** llama_dsv4_comp_state: what is gathered of the cell to come, and its scores. */
  const state = (ratio: number, rows: number, width: number): StateLayer[] =>
    Array.from({ length: trunkLayers }, (_, layer) => layer)
      .filter(compressed(ratio))
      .map((layer) => ({ layer, tensors: [rows * width, rows * width] }));
  return {
    attention: [
      cache(keysOnly, { kind: "window", tokens: window ?? 0 }, () => true),
      cache(keysOnly, { kind: "compressed", tokens: sparseRatio }, compressed(sparseRatio)),
      cache(keysOnly, { kind: "compressed", tokens: heavyRatio }, compressed(heavyRatio)),
      cache(indexed, { kind: "compressed", tokens: sparseRatio }, compressed(sparseRatio)),
    ],
    state: [
      ...state(sparseRatio, 2 * sparseRatio, 2 * keySize),
      ...state(heavyRatio, heavyRatio, keySize),
      ...state(sparseRatio, 2 * sparseRatio, 2 * indexerSize),
    ],
  };
}

/** llama_hparams::n_embd_head_k of layer 0. */
function firstKeySize({ windowed, headSizes, windowHeadSizes }: Hyperparameters): number {
  return windowed[0] === true ? windowHeadSizes.key : headSizes.key;
}

/** Cells are kept by sequence even where the context is unified. */
function cache(of: Hyperparameters, cells: CellRule, filter: LayerFilter): AttentionCache {
  return attentionCache(of, cells, filter, { perSequence: true });
}
