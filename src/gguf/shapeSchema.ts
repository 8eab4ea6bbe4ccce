/** The shape of a transformer: all that decides its tensors, their sizes and its caches. */
import { z } from "zod";
import { architectureNames } from "./architectures.ts";
import { recurrentShapeSchema } from "./recurrentShape.ts";

const positive = z.number().int().positive();

/** Numbers that a model multiplies by at fixed places. */
const scalesSchema = z.strictObject({
  embedding: z.number().positive().optional(),
  residual: z.number().positive().optional(),
  attention: z.number().positive().optional(),
  logits: z.number().positive().optional(),
  /** By which queries grow with each doubling of the trained context (Ministral 3). */
  temperature: z.number().positive().optional(),
});

export const modelShapeSchema = z.strictObject({
  architecture: z.enum(architectureNames),
  n_layers: positive,
  /** Width of the residual stream. */
  n_embd: positive,
  /** Inner width of the dense feed-forward layers; a mixture of experts may have none, its header states one all the same. */
  n_ff: positive,
  n_heads: positive,
  /** With latent attention one, since all heads share what is cached. */
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
      /** Inner width of all shared ones together, where it isn't theirs times `n_ff`. */
      shared_n_ff: positive.optional(),
      /** Dense layers before the first mixture. */
      leading_dense: positive.optional(),
      /** Every so many-th layer is a mixture. */
      every: positive.optional(),
      /** Width that experts work at, where that isn't the residual stream's. */
      latent: positive.optional(),
      /** Layers before the first that chooses: these go by a table of tokens (DeepSeek-V4). */
      hashed: positive.optional(),
      /** Bound of what enters an expert's activation (DeepSeek-V4). */
      clamp: z.number().positive().optional(),
      /** By which what the chosen experts say is multiplied. */
      weights_scale: z.number().positive().optional(),
      /** Experts stand in so many groups, and each token chooses from the best few of these (DeepSeek-V3). */
      groups: z.strictObject({ count: positive, used: positive }).optional(),
    })
    .optional(),
  /** Layers that look back `tokens` tokens only; every `period`-th looks at all of them. */
  sliding_window: z
    .strictObject({
      tokens: positive,
      period: positive,
      /** Of layers with a window, where they have others. */
      n_kv_heads: positive.optional(),
      head_size: positive.optional(),
    })
    .optional(),
  /** Layers that look at everything have no values of their own: keys are values too (Gemma 4). */
  values_are_keys: z.boolean().optional(),
  /** The last layers, which read the caches of layers before them, and may be wider (Gemma 4 E2B, E4B). */
  shared_kv: z.strictObject({ layers: positive, n_ff: positive.optional() }).optional(),
  /** Width of a second embedding, which each token has for each layer (Gemma 4 E2B, E4B). */
  per_layer_embedding: positive.optional(),
  /** Multi-head latent attention: one compressed vector a token is cached, for keys and values of all heads. */
  latent: z
    .strictObject({
      /** Width that queries are made from; without it they are made from the residual stream. */
      query_rank: positive.optional(),
      /** Width of the compressed vector; the turned part of keys is cached beside it. */
      kv_rank: positive,
      value_size: positive,
    })
    .optional(),
  /** Sparse attention: scores by which a token chooses the `top_k` tokens that it looks at. */
  indexer: z
    .strictObject({
      n_heads: positive,
      head_size: positive,
      top_k: positive,
      /** Layers that have one of their own, counted from 0; all by default. Others take the choice of one before. */
      layers: z.array(z.number().int().nonnegative()).min(1).optional(),
    })
    .optional(),
  /** Norms of queries and keys, head by head, where only some models of the architecture have them. */
  query_key_norms: z.boolean().optional(),
  /** A window of tokens, and cells that stand for several: one vector a cell, for keys and values of all heads (DeepSeek-V4). */
  compressed: z
    .strictObject({
      window: positive,
      /** Width that queries are made from. */
      query_rank: positive,
      /** Heads are joined in so many groups, each by way of `output_rank` elements. */
      output_groups: positive,
      output_rank: positive,
      /** Tokens that become one cell, by layer; of those of 4 an indexer chooses. */
      ratios: z.array(z.union([z.literal(0), z.literal(4), z.literal(128)])).min(1),
      freq_base: z.number().positive(),
    })
    .optional(),
  /** Residual streams beside each other, which each layer mixes anew (DeepSeek-V4). */
  hyper_connections: z
    .strictObject({
      count: positive,
      /** Of Sinkhorn's normalization. */
      iterations: positive,
      epsilon: z.number().positive(),
    })
    .optional(),
  recurrent: recurrentShapeSchema.optional(),
  /** Layers that are a feed-forward part alone, counted from 0; all others then have none (Nemotron-H). */
  feed_forward_layers: z.array(z.number().int().nonnegative()).min(1).optional(),
  scales: scalesSchema.optional(),
  /** Bound that logits are squeezed into. */
  logit_softcap: z.number().positive().optional(),
  rope: z.strictObject({
    freq_base: z.number().positive(),
    /** Of layers that look back a window. */
    window_freq_base: z.number().positive().optional(),
    /** Share of a head's pairs that are turned, by factors in `rope_freqs.weight` (Gemma 4). */
    proportional: z.number().positive().max(1).optional(),
    /** Pairs that are turned by time, height and width of an image (multi-axis rope). */
    sections: z.tuple([positive, positive, positive]).optional(),
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
