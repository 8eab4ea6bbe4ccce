/** Cells of a layer's cache, where a shape says which layers look back a window. */
import type { ModelShape } from "../../gguf/modelShape.ts";
import { paddedContext, type MemorySettings } from "../memorySettings.ts";
import { cellsOf } from "./cacheBytes.ts";

export function windowCells(
  { sliding_window }: Pick<ModelShape, "sliding_window">,
  settings: MemorySettings,
): number {
  return sliding_window === undefined
    ? paddedContext(settings.nCtx)
    : cellsOf({ kind: "window", tokens: sliding_window.tokens }, settings);
}
