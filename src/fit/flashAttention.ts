/** Whether flash attention is used, and whether devices can do it themselves (src/llama-context.cpp, v0.4.0). */
import { ggmlTypes } from "../gguf/ggmlTypes.ts";
import type { KvCacheType } from "../bench/settings.ts";
import { feedForwardOf, mixerOf, type ModelShape } from "../gguf/modelShape.ts";
import type { AttentionHeads } from "./attentionHeads.ts";
import { traitsOf } from "./deviceTraits.ts";
import type { LayerPlacement } from "./layerPlacement.ts";
import type { MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";

type AttendingModel = Pick<MemoryModel, "heads" | "shape">;

type AttentionSettings = Pick<MemorySettings, "flashAttn" | "typeK" | "typeV" | "splitMode">;

/**
 * llama.cpp turns `auto` on where V is quantized, which nothing else reads, and where devices share every layer
 * (llama_init_from_model), and else off where
 * the operation would not run on its layer's device (resolve_fused_ops).
 */
export function usesFlashAttention(
  settings: AttentionSettings,
  { heads, shape }: AttendingModel,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
): boolean {
  if (settings.flashAttn !== "auto") return settings.flashAttn === "on";
  if (settings.splitMode === "tensor") return true;
  if (ggmlTypes[settings.typeV].blockSize > 1) return true;
  return attendsInPlace(settings, heads, placement, devices) && !isDrawnAway(shape, placement);
}

/** Whether the host attends for a layer of a device, caches and all: far slower than anything that is predicted. */
export function attendsOnHost(
  settings: AttentionSettings,
  model: AttendingModel,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
): boolean {
  return (
    usesFlashAttention(settings, model, placement, devices) &&
    !attendsInPlace(settings, model.heads, placement, devices)
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

/**
 * Whether a layer of the host would attend on a device: its neighbour in the graph is what reads the state of a recurrent
 * layer there, since short convolutions and Mamba 2 read theirs before anything behind the attention is computed
 * (ggml_backend_sched_split_graph's second pass). A mixture of experts between them computes in order.
 */
function isDrawnAway(shape: ModelShape, { places }: LayerPlacement): boolean {
  if (shape.recurrent === undefined || shape.recurrent.kind === "delta_net") return false;
  return places.slice(0, shape.n_layers).some((place, layer) => {
    if (place !== "host" || mixerOf(shape, layer) !== "attention") return false;
    let next = layer;
    while (next < shape.n_layers && feedForwardOf(shape, next) !== "experts") {
      next += 1;
      if (mixerOf(shape, next) !== null) break;
    }
    const reads = next < shape.n_layers && mixerOf(shape, next) === "recurrent";
    return reads && next > layer && places[next] !== "host";
  });
}
