/** How wide a layer's keys and values are (llama_hparams::n_embd_k_gqa and n_embd_v_gqa, src/llama-hparams.cpp, v0.4.0). */
import type { HeadSizes, Hyperparameters } from "../../gguf/hyperparameters.ts";

export function headSizesOf(
  {
    windowed,
    headSizes,
    windowHeadSizes,
  }: Pick<Hyperparameters, "windowed" | "headSizes" | "windowHeadSizes">,
  layer: number,
): HeadSizes {
  return windowed[layer] === true ? windowHeadSizes : headSizes;
}

/** Elements a cell, of all heads together. */
export function cellWidth(model: Hyperparameters, layer: number, of: keyof HeadSizes): number {
  return (model.kvHeads[layer] ?? 0) * headSizesOf(model, layer)[of];
}
