/** What a shape says of each of its layers. */
import { attends } from "./recurrentShape.ts";
import type { ModelShape } from "./shapeSchema.ts";

export type { ModelShape } from "./shapeSchema.ts";

/** What a layer does with the tokens before it. */
export type Mixer = "attention" | "latent" | "compressed" | "recurrent";

/** Null where a layer is a feed-forward part alone. */
export function mixerOf(
  { recurrent, latent, compressed, feed_forward_layers }: MixerParts,
  layer: number,
): Mixer | null {
  if (feed_forward_layers?.includes(layer)) return null;
  if (recurrent !== undefined && !attends(recurrent, layer)) return "recurrent";
  if (compressed !== undefined) return "compressed";
  return latent === undefined ? "attention" : "latent";
}

type MixerParts = Pick<ModelShape, "recurrent" | "latent" | "compressed" | "feed_forward_layers">;

/** Null where a layer has none. */
export function feedForwardOf(
  shape: Pick<ModelShape, "experts" | "feed_forward_layers">,
  layer: number,
): "dense" | "experts" | null {
  const { experts, feed_forward_layers: alone } = shape;
  if (alone !== undefined && !alone.includes(layer)) return null;
  if (experts === undefined || layer < (experts.leading_dense ?? 0)) return "dense";
  return (layer + 1) % (experts.every ?? 1) === 0 ? "experts" : "dense";
}

/** Inner width of the experts that every token goes through, all together. */
export function sharedWidth({
  n_ff,
  shared = 0,
  shared_n_ff = shared * n_ff,
}: NonNullable<ModelShape["experts"]>): number {
  return shared_n_ff;
}

/** Whether a layer looks back no further than the window (llama_hparams::set_swa_pattern, v0.4.0). */
export function isWindowed(
  { sliding_window }: Pick<ModelShape, "sliding_window">,
  layer: number,
): boolean {
  return sliding_window !== undefined && (layer + 1) % sliding_window.period !== 0;
}

export interface LayerHeads {
  readonly kvHeads: number;
  readonly size: number;
}

/** Heads of a layer that attends. */
export function headsOf(
  shape: Pick<ModelShape, "n_kv_heads" | "head_size" | "sliding_window">,
  layer: number,
): LayerHeads {
  const { n_kv_heads, head_size, sliding_window } = shape;
  if (!isWindowed(shape, layer)) return { kvHeads: n_kv_heads, size: head_size };
  return {
    kvHeads: sliding_window?.n_kv_heads ?? n_kv_heads,
    size: sliding_window?.head_size ?? head_size,
  };
}

/** Whether a layer reads the cache of one before it. */
export function sharesCache(
  { n_layers, shared_kv }: Pick<ModelShape, "n_layers" | "shared_kv">,
  layer: number,
): boolean {
  return shared_kv !== undefined && layer >= n_layers - shared_kv.layers;
}

/** Inner width of a layer's dense feed-forward part. */
export function denseWidth(
  shape: Pick<ModelShape, "n_ff" | "n_layers" | "shared_kv">,
  layer: number,
): number {
  return (sharesCache(shape, layer) ? shape.shared_kv?.n_ff : undefined) ?? shape.n_ff;
}
