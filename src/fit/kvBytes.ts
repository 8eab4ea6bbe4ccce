/** The KV cache: one K and one V tensor a layer, on the layer's device unless it is kept on the host. */
import { bytesOf } from "../gguf/ggmlTypes.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import type { KvCacheType } from "../suite/caseSettings.ts";
import { paddedContext } from "./memorySettings.ts";

/** Bytes of one layer's K and V, each padded to the buffer's alignment. */
export function layerKvBytes(
  { n_kv_heads, head_size }: ModelShape,
  { nCtx, typeK, typeV }: { nCtx: number; typeK: KvCacheType; typeV: KvCacheType },
  alignment: number,
): number {
  const dims = [n_kv_heads * head_size, paddedContext(nCtx)];
  return alignTo(bytesOf(typeK, dims), alignment) + alignTo(bytesOf(typeV, dims), alignment);
}
