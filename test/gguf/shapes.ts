/** Shapes of published models (their config.json), and odd ones that meet llama.cpp's special cases. */
import type { ModelShape } from "../../src/gguf/modelShape.ts";

export const llama2_7b: ModelShape = {
  architecture: "llama",
  n_layers: 32,
  n_embd: 4096,
  n_ff: 11_008,
  n_heads: 32,
  n_kv_heads: 32,
  head_size: 128,
  n_vocab: 32_000,
  n_ctx_train: 4096,
  tied_embeddings: false,
  norm_epsilon: 1e-5,
  rope: { freq_base: 10_000 },
};

export const llama2_70b: ModelShape = {
  ...llama2_7b,
  n_layers: 80,
  n_embd: 8192,
  n_ff: 28_672,
  n_heads: 64,
  n_kv_heads: 8,
};

export const llama32_1b: ModelShape = {
  ...llama2_7b,
  n_layers: 16,
  n_embd: 2048,
  n_ff: 8192,
  n_kv_heads: 8,
  head_size: 64,
  n_vocab: 128_256,
  n_ctx_train: 131_072,
  tied_embeddings: true,
  rope: {
    freq_base: 500_000,
    llama3_scaling: {
      factor: 32,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_context: 8192,
    },
  },
};

/** Heads wider than n_embd / n_heads, norms per head. */
export const qwen3Toy: ModelShape = {
  ...llama2_7b,
  architecture: "qwen3",
  n_layers: 3,
  n_embd: 256,
  n_ff: 768,
  n_heads: 4,
  n_kv_heads: 2,
  head_size: 128,
  n_vocab: 512,
  norm_epsilon: 1e-6,
  rope: { freq_base: 1_000_000 },
};

/** 3.7 million parameters: loads and runs in a moment. */
export const toy: ModelShape = {
  ...llama2_7b,
  n_layers: 4,
  n_embd: 256,
  n_ff: 768,
  n_heads: 4,
  n_kv_heads: 4,
  head_size: 64,
  n_vocab: 1024,
  n_ctx_train: 512,
};

/** Grouped heads, tied embeddings, rope factors. */
export const groupedToy: ModelShape = {
  ...toy,
  n_heads: 8,
  n_kv_heads: 1,
  head_size: 32,
  tied_embeddings: true,
  rope: llama32_1b.rope,
};

/** Rows that 256 doesn't divide: k-quants and IQ types fall back. */
export const oddWidthToy: ModelShape = { ...toy, n_embd: 288, n_ff: 800, head_size: 72 };
