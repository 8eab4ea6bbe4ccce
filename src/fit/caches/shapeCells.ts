/** Cells of a layer's cache, where a shape says which layers look back a window. */
import type { ModelShape } from "../../gguf/modelShape.ts";
import { paddedContext, type MemorySettings } from "../memorySettings.ts";
import { cellsOf } from "./cacheBytes.ts";

export function windowCells(
  { sliding_window, compressed }: Pick<ModelShape, "sliding_window" | "compressed">,
  settings: MemorySettings,
): number {
  const tokens = sliding_window?.tokens ?? compressed?.window;
  return tokens === undefined
    ? paddedContext(settings.nCtx)
    : cellsOf({ kind: "window", tokens }, settings);
}

/** How many cells are looked at by what looks at so many at most; it grows with the context, and then no more. */
export function boundedCells(
  shape: Pick<ModelShape, "sliding_window" | "indexer" | "compressed">,
  settings: MemorySettings,
): number {
  // Cells of several tokens grow in steps: no context follows from others.
  if (shape.compressed !== undefined) return paddedContext(settings.nCtx);
  const window = shape.sliding_window === undefined ? 0 : windowCells(shape, settings);
  return window + Math.min(shape.indexer?.top_k ?? 0, paddedContext(settings.nCtx));
}
