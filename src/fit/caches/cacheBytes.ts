/** What caches take at a context (llama_kv_cache and llama_memory_recurrent, v0.4.0). */
import { sumOf } from "../../base/sumOf.ts";
import { bytesOf } from "../../gguf/ggmlTypes.ts";
import { alignTo } from "../../gguf/tensorTable.ts";
import { paddedContext, type MemorySettings } from "../memorySettings.ts";
import { cacheKinds } from "./cacheKinds.ts";
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

/** Those of a context, without what decides about no cache. */
export function cacheSettings(
  { nBatch, nUbatch, typeK, typeV, flashAttn }: Omit<CacheSettings, "nCtx" | "nSequences">,
  nCtx: number,
): CacheSettings {
  return { nCtx, nBatch, nUbatch, typeK, typeV, flashAttn };
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
  return sumOf(cache.layers, (layer) => attentionLayerBytes(cache, layer, settings));
}

export function stateBytes(layers: readonly StateLayer[], nSequences = 1): number {
  return sumOf(layers, (layer) => stateLayerBytes(layer, nSequences));
}

/** Of all layers, without padding: no placement takes less. */
export function leastCacheBytes(plan: CachePlan, settings: CacheSettings): number {
  const { attention, state } = cacheKinds(plan);
  return (
    sumOf(
      attention,
      ({ cache, layer, count }) => count * attentionLayerBytes(cache, layer, settings),
    ) + sumOf(state, ({ layer, count }) => count * stateLayerBytes(layer, settings.nSequences))
  );
}
