/** The context that a model was trained for: beyond it there is an answer, and no sense in it. */
import { catalogue } from "./catalogue.ts";

/** Models that published tables speak of and the catalogue lacks. */
const published: Readonly<Record<string, number>> = {
  // Touvron et al., "LLaMA: Open and Efficient Foundation Language Models", 2023.
  "llama-1-7b": 2048,
  "llama-1-13b": 2048,
  "llama-1-30b": 2048,
  "llama-1-65b": 2048,
  // huggingface.co/meta-llama/Meta-Llama-3-8B and -70B, config.json: max_position_embeddings.
  "llama-3-8b": 8192,
  "llama-3-70b": 8192,
};

/** Null for a model that isn't known. */
export function trainedTokens(model: string): number | null {
  return published[model] ?? catalogue().find(model)?.shape.n_ctx_train ?? null;
}
