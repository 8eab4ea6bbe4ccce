/** Whether flash attention is used, and whether devices can do it themselves (src/llama-context.cpp, v0.4.0). */
import { ggmlTypes } from "../gguf/ggmlTypes.ts";
import type { KvCacheType } from "../bench/settings.ts";
import type { AttentionHeads } from "./attentionHeads.ts";
import { traitsOf } from "./deviceTraits.ts";
import type { LayerPlacement } from "./layerPlacement.ts";
import type { MemoryDevice } from "./memoryDevice.ts";
import type { MemorySettings } from "./memorySettings.ts";

type AttentionSettings = Pick<MemorySettings, "flashAttn" | "typeK" | "typeV" | "splitMode">;

/**
 * llama.cpp turns `auto` on where V is quantized, which nothing else reads, and where devices share every layer
 * (llama_init_from_model), and else off where
 * the operation would not run on its layer's device (resolve_fused_ops).
 */
export function usesFlashAttention(
  settings: AttentionSettings,
  heads: readonly AttentionHeads[],
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
): boolean {
  if (settings.flashAttn !== "auto") return settings.flashAttn === "on";
  if (settings.splitMode === "tensor") return true;
  if (ggmlTypes[settings.typeV].blockSize > 1) return true;
  return attendsInPlace(settings, heads, placement, devices);
}

/** Whether the host attends for a layer of a device, caches and all: far slower than anything that is predicted. */
export function attendsOnHost(
  settings: AttentionSettings,
  heads: readonly AttentionHeads[],
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
): boolean {
  return (
    usesFlashAttention(settings, heads, placement, devices) &&
    !attendsInPlace(settings, heads, placement, devices)
  );
}

/** False where a device with layers has no kernel for these caches. The host has them all. */
function attendsInPlace(
  { typeK, typeV }: AttentionSettings,
  heads: readonly AttentionHeads[],
  { runs }: LayerPlacement,
  devices: readonly MemoryDevice[],
): boolean {
  return runs.every(({ place }) => {
    const device = place === "host" ? undefined : devices[place];
    if (device === undefined) return true;
    const { flashAttends } = traitsOf(device);
    return heads.every((one) => flashAttends(one, attendedType(typeK), attendedType(typeV)));
  });
}

/** Flash attention reads no F32 cache: it is copied (build_attn_mha, src/llama-graph.cpp). */
function attendedType(type: KvCacheType): KvCacheType {
  return type === "f32" ? "f16" : type;
}
