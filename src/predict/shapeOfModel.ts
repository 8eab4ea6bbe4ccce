/** The shape behind a result's model name: the catalogue's, and those that published tables speak of. */
import type { ModelShape } from "../gguf/modelShape.ts";
import { catalogue } from "../models/catalogue.ts";

/** Of one shape, as far as speed goes: Llama 3 lacks the rope factors of 3.1. */
const alike: Readonly<Record<string, string>> = {
  "llama-1-7b": "llama-2-7b",
  "llama-1-13b": "llama-2-13b",
  "llama-3-8b": "llama-3.1-8b",
  "llama-3-70b": "llama-3.1-70b",
};

/** Touvron et al., "LLaMA: Open and Efficient Foundation Language Models", 2023, table 2. */
const llama1: Readonly<Record<string, Partial<ModelShape>>> = {
  "llama-1-30b": { n_layers: 60, n_embd: 6656, n_ff: 17920, n_heads: 52, n_kv_heads: 52 },
  "llama-1-65b": { n_layers: 80, n_embd: 8192, n_ff: 22016, n_heads: 64, n_kv_heads: 64 },
};

const shapes = new Map<string, ModelShape | undefined>();

export function shapeOfModel(model: string): ModelShape | undefined {
  if (!shapes.has(model)) shapes.set(model, findShape(model));
  return shapes.get(model);
}

function findShape(model: string): ModelShape | undefined {
  const { find } = catalogue();
  const own = llama1[model];
  if (own === undefined) return find(alike[model] ?? model)?.shape;
  const sibling = find("llama-2-13b")?.shape;
  return sibling && { ...sibling, ...own, n_ctx_train: 2048 };
}
