/** What caches take at a context (llama_kv_cache and llama_memory_recurrent, v0.4.0). */
import { bytesOf } from "../../gguf/ggmlTypes.ts";
import { alignTo } from "../../gguf/tensorTable.ts";
import { paddedContext, type MemorySettings } from "../memorySettings.ts";
import type {
  AttentionCache,
  AttentionLayer,
  CachePlan,
  CellRule,
  StateLayer,
} from "./cachePlan.ts";

export interface CacheSettings extends Pick<
  MemorySettings,
  "nCtx" | "nBatch" | "nUbatch" | "typeK" | "typeV" | "flashAttn"
> {
  /** Sequences in the one context, which each get their part of it; 1 by default. */
  readonly nSequences?: number;
}

/** Tokens of one sequence (`n_ctx_seq`, llama_context's constructor). */
function sequenceContext({ nCtx, nSequences = 1 }: CacheSettings): number {
  return paddedContext(Math.max(1, Math.floor(paddedContext(nCtx) / nSequences)));
}

/** Of one sequence. */
export function cellsOf(rule: CellRule, settings: CacheSettings): number {
  const context = sequenceContext(settings);
  switch (rule.kind) {
    case "context":
      return context;
    case "window": {
      const batch = Math.min(settings.nUbatch, settings.nBatch, settings.nCtx);
      return paddedContext(Math.min(context, rule.tokens + batch));
    }
    case "compressed":
      return paddedContext(Math.max(1, Math.ceil(context / rule.tokens)));
    default:
      return rule satisfies never;
  }
}

/** One layer's K and V, each padded to the buffer's alignment. */
export function attentionLayerBytes(
  cache: Pick<AttentionCache, "cells" | "widestValue">,
  layer: AttentionLayer,
  settings: CacheSettings,
  alignment = 1,
): number {
  const { typeK, typeV, flashAttn, nSequences = 1 } = settings;
  const cells = cellsOf(cache.cells, settings) * nSequences;
  // Whether V is transposed, and each layer's as wide as the widest, is settled before `auto` is decided.
  const value = flashAttn === "off" ? cache.widestValue : layer.value;
  return (
    alignTo(bytesOf(typeK, [layer.key, cells]), alignment) +
    alignTo(bytesOf(typeV, [value, cells]), alignment)
  );
}

const floatBytes = 4;

export function stateLayerBytes({ tensors }: StateLayer, nSequences = 1, alignment = 1): number {
  return tensors.reduce(
    (sum, elements) => sum + alignTo(floatBytes * elements * nSequences, alignment),
    0,
  );
}

/** Of all layers together, without padding: one line of llama.cpp's log. */
export function attentionCacheBytes(cache: AttentionCache, settings: CacheSettings): number {
  return cache.layers.reduce((sum, layer) => sum + attentionLayerBytes(cache, layer, settings), 0);
}

export function stateBytes(layers: readonly StateLayer[], nSequences = 1): number {
  return layers.reduce((sum, layer) => sum + stateLayerBytes(layer, nSequences), 0);
}

/** Of all layers, without padding: no placement takes less. */
export function leastCacheBytes({ attention, state }: CachePlan, settings: CacheSettings): number {
  return attention.reduce(
    (sum, cache) => sum + attentionCacheBytes(cache, settings),
    stateBytes(state, settings.nSequences),
  );
}
