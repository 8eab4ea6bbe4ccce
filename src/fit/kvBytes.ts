/** The KV cache: one K and one V tensor a layer, on the layer's device unless it is kept on the host. */
import { bytesOf } from "../gguf/ggmlTypes.ts";
import { windowedLayers, type ModelShape } from "../gguf/modelShape.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import type { KvCacheType } from "../bench/settings.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";

/** Cells of a layer's cache; one that looks back a window keeps that and a batch (llama_kv_cache_iswa, v0.4.0). */
export function cacheCells(
  { sliding_window }: ModelShape,
  { nCtx, nBatch, nUbatch }: Pick<MemorySettings, "nCtx" | "nBatch" | "nUbatch">,
  windowed: boolean,
): number {
  const all = paddedContext(nCtx);
  if (!windowed || sliding_window === undefined) return all;
  const batch = Math.min(nUbatch, nBatch, all);
  return paddedContext(Math.min(all, sliding_window.tokens + batch));
}

/** Bytes of one layer's K and V, each padded to the buffer's alignment. */
export function layerKvBytes(
  { n_kv_heads, head_size }: ModelShape,
  { cells, typeK, typeV }: { cells: number; typeK: KvCacheType; typeV: KvCacheType },
  alignment: number,
): number {
  const dims = [n_kv_heads * head_size, cells];
  return alignTo(bytesOf(typeK, dims), alignment) + alignTo(bytesOf(typeV, dims), alignment);
}

/** Of all layers, in bytes, without padding: no placement takes less. */
export function leastKvBytes(
  shape: ModelShape,
  settings: Pick<MemorySettings, "nCtx" | "nBatch" | "nUbatch" | "typeK" | "typeV">,
): number {
  const { typeK, typeV } = settings;
  const windowed = windowedLayers(shape);
  const whole = { cells: cacheCells(shape, settings, false), typeK, typeV };
  const short = { cells: cacheCells(shape, settings, true), typeK, typeV };
  return (
    (shape.n_layers - windowed) * layerKvBytes(shape, whole, 1) +
    windowed * layerKvBytes(shape, short, 1)
  );
}
