/** The shape of a transformer: all that decides its tensors, their sizes and its KV cache. */
import { z } from "zod";

/** Architectures whose tensor tables llmbench knows, under llama.cpp's names (src/llama-arch.cpp, v0.4.0). */
const architectures = ["llama", "qwen3"] as const;

const positive = z.number().int().positive();

export const modelShapeSchema = z.strictObject({
  architecture: z.enum(architectures),
  n_layers: positive,
  /** Width of the residual stream. */
  n_embd: positive,
  /** Inner width of the feed-forward layers. */
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
  rope: z.strictObject({
    freq_base: z.number().positive(),
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
