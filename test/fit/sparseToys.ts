/** Models of many kinds, small enough for the software device, whose tensors hold 128 MiB at most. */
import type { GgmlTypeName } from "../../src/gguf/ggmlTypes.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import {
  gemma3Toy,
  glm4MoeToy,
  gptOssToy,
  llama2_7b,
  qwen2Toy,
  qwen3MoeToy,
} from "../gguf/shapes.ts";
import { mixedTypes, sparseModel, type SparseModel } from "./sparseModel.ts";

export const grouped = {
  ...llama2_7b,
  n_layers: 9,
  n_embd: 512,
  n_ff: 1536,
  n_heads: 8,
  n_kv_heads: 2,
  head_size: 64,
};
const tied = {
  ...llama2_7b,
  n_layers: 7,
  n_embd: 1024,
  n_ff: 2816,
  n_heads: 8,
  n_kv_heads: 8,
  n_vocab: 8000,
  tied_embeddings: true,
  rope: {
    freq_base: 500_000,
    llama3_scaling: {
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_context: 8192,
    },
  },
};
const perHeadNorms = {
  ...llama2_7b,
  architecture: "qwen3" as const,
  n_layers: 8,
  n_embd: 768,
  n_ff: 2304,
  n_heads: 16,
  n_kv_heads: 4,
  n_vocab: 20_000,
};

export interface SparseToys {
  readonly models: Readonly<Record<string, SparseModel>>;
  /** Experts, windows, biases and sinks. */
  readonly foreign: Readonly<Record<string, SparseModel>>;
}

export function sparseToys(folder: string): SparseToys {
  const toy = (name: string, shape: ModelShape, ...types: [GgmlTypeName, GgmlTypeName?]) =>
    sparseModel(folder, name, shape, mixedTypes(shape, ...types));
  return {
    models: {
      "grouped heads, q4_0": toy("a", grouped, "q4_0", "q6_K"),
      "tied embeddings, q4_K and q6_K": toy("b", tied, "q4_K", "q6_K"),
      "norms per head, q8_0": toy("c", perHeadNorms, "q8_0"),
    },
    foreign: {
      "experts, q4_0": toy("d", qwen3MoeToy, "q4_0", "q8_0"),
      "a window, sinks and biases, mxfp4": toy("e", gptOssToy, "mxfp4", "q8_0"),
      "a shared expert, q4_K": toy("f", glm4MoeToy, "q4_K"),
      "biases of queries, keys and values, q4_0": toy("biases", qwen2Toy, "q4_0", "q8_0"),
      "a window and norms behind, q8_0": toy("g", gemma3Toy, "q8_0"),
    },
  };
}
