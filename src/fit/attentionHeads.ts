/** What flash attention's kernels ask of a layer: sizes of keys and values, and how many queries share a key. */
import type { Hyperparameters } from "../gguf/hyperparameters.ts";
import { headSizesOf } from "./caches/cellWidth.ts";

export interface AttentionHeads {
  readonly key: number;
  readonly value: number;
  readonly queriesPerKey: number;
}

/** Of a model's layers with a cache, each kind once. */
export function attentionHeads(model: Hyperparameters): readonly AttentionHeads[] {
  const { heads, kvHeads, recurrent, trunkLayers } = model;
  const found = new Map<string, AttentionHeads>();
  for (let layer = 0; layer < trunkLayers; layer++) {
    const keys = kvHeads[layer] ?? 0;
    if (keys === 0 || recurrent[layer] === true) continue;
    const sizes = headSizesOf(model, layer);
    const queriesPerKey = Math.floor((heads[layer] ?? 0) / keys);
    found.set(`${sizes.key} ${sizes.value} ${queriesPerKey}`, { ...sizes, queriesPerKey });
  }
  return [...found.values()];
}
