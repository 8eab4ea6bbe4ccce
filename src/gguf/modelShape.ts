/** The shape of a transformer: all that decides its tensors, their sizes and its KV cache. */
import { z } from "zod";
import { architectureNames } from "./architectures.ts";

const positive = z.number().int().positive();

export const modelShapeSchema = z.strictObject({
  architecture: z.enum(architectureNames),
  n_layers: positive,
  /** Width of the residual stream. */
  n_embd: positive,
  /** Inner width of the dense feed-forward layers; a mixture of experts may have none, its header states one all the same. */
  n_ff: positive,
  n_heads: positive,
  n_kv_heads: positive,
  /** Elements per head; n_embd / n_heads in most models, stated since Mistral Small's and Qwen3's differ. */
  head_size: positive,
  n_vocab: positive,
  /** Context that the model was trained for, in tokens. */
  n_ctx_train: positive,
  /** Output layer shares the token embeddings: no `output.weight` in the file. */
  tied_embeddings: z.boolean(),
  norm_epsilon: z.number().positive(),
  /** Feed-forward layers of many experts, of which each token takes a few. */
  experts: z
    .strictObject({
      count: positive,
      /** By each token. */
      used: positive,
      /** Inner width of one. */
      n_ff: positive,
      /** Experts that every token goes through beside those chosen for it. */
      shared: positive.optional(),
      /** Dense layers before the first mixture. */
      leading_dense: positive.optional(),
    })
    .optional(),
  /** Layers that look back `tokens` tokens only; every `period`-th looks at all of them. */
  sliding_window: z.strictObject({ tokens: positive, period: positive }).optional(),
  rope: z.strictObject({
    freq_base: z.number().positive(),
    /** Elements per head that are turned, where not all are. */
    dimensions: positive.optional(),
    /** How a longer context than the trained one is reached; decides nothing about speed. */
    scaling: z
      .strictObject({
        type: z.enum(["linear", "yarn"]),
        factor: z.number().positive(),
        original_context: positive.optional(),
      })
      .optional(),
    /** Llama 3.1's frequency scaling, stored as a `rope_freqs.weight` tensor of head_size / 2 factors. */
    llama3_scaling: z
      .strictObject({
        factor: z.number().positive(),
        low_freq_factor: z.number().positive(),
        high_freq_factor: z.number().positive(),
        original_context: positive,
      })
      .optional(),
  }),
});

export type ModelShape = z.infer<typeof modelShapeSchema>;

/** Whether a layer's feed-forward part is a mixture of experts. */
export function hasExperts({ experts }: Pick<ModelShape, "experts">, layer: number): boolean {
  return experts !== undefined && layer >= (experts.leading_dense ?? 0);
}

/** Layers whose feed-forward part is a mixture of experts. */
export function expertLayers({ n_layers, experts }: ModelShape): number {
  return experts === undefined ? 0 : n_layers - (experts.leading_dense ?? 0);
}

/** Inner width of what one token goes through in a layer of experts. */
export function activeWidth({
  used,
  n_ff,
  shared = 0,
}: NonNullable<ModelShape["experts"]>): number {
  return (used + shared) * n_ff;
}

/** Whether a layer looks back no further than the window (llama_hparams::set_swa_pattern, v0.4.0). */
export function isWindowed(
  { sliding_window }: Pick<ModelShape, "sliding_window">,
  layer: number,
): boolean {
  return sliding_window !== undefined && (layer + 1) % sliding_window.period !== 0;
}

/** Of the layers that the model computes, those that look back a window. */
export function windowedLayers({
  n_layers,
  sliding_window,
}: Pick<ModelShape, "n_layers" | "sliding_window">): number {
  return sliding_window === undefined ? 0 : n_layers - Math.floor(n_layers / sliding_window.period);
}
