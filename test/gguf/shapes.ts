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

/** Biases of queries, keys and values. */
export const qwen2Toy: ModelShape = {
  ...toy,
  architecture: "qwen2",
  n_kv_heads: 2,
  n_vocab: 512,
  rope: { freq_base: 1_000_000 },
};

/** Eight experts, two of them used, as Qwen 3 has them. */
export const qwen3MoeToy: ModelShape = {
  ...qwen3Toy,
  architecture: "qwen3moe",
  experts: { count: 8, used: 2, n_ff: 256 },
};

/** Windows in every other layer, sinks, biases everywhere, and widths that 256 doesn't divide. */
export const gptOssToy: ModelShape = {
  ...toy,
  architecture: "gpt-oss",
  n_embd: 288,
  n_ff: 288,
  n_heads: 8,
  n_kv_heads: 2,
  head_size: 32,
  n_vocab: 512,
  n_ctx_train: 1024,
  experts: { count: 4, used: 2, n_ff: 288 },
  sliding_window: { tokens: 128, period: 2 },
  rope: {
    freq_base: 150_000,
    scaling: { type: "yarn", factor: 32, original_context: 4096 },
  },
};

/** A dense layer before the mixtures, a shared expert, half of each head turned. */
export const glm4MoeToy: ModelShape = {
  ...toy,
  architecture: "glm4moe",
  n_layers: 3,
  n_kv_heads: 2,
  n_vocab: 512,
  experts: { count: 8, used: 2, n_ff: 256, shared: 1, leading_dense: 1 },
  rope: { freq_base: 1_000_000, dimensions: 32 },
};

/** Windows in five of six layers, norms before and behind everything. */
export const gemma3Toy: ModelShape = {
  ...toy,
  architecture: "gemma3",
  n_layers: 7,
  n_kv_heads: 2,
  n_vocab: 512,
  n_ctx_train: 4096,
  tied_embeddings: true,
  norm_epsilon: 1e-6,
  sliding_window: { tokens: 128, period: 6 },
  rope: { freq_base: 1_000_000, scaling: { type: "linear", factor: 8 } },
};

/** Experts in Llama's own architecture, as Mixtral has them. */
export const llamaMoeToy: ModelShape = {
  ...toy,
  n_layers: 2,
  experts: { count: 4, used: 2, n_ff: 768 },
};
