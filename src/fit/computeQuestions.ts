/** Questions to an engine about a file's compute buffers, where it answers any. */
import type { Engine } from "../engines/engine.ts";
import type { AskCompute } from "./judgeAsking.ts";
import type { FitSettings } from "./memorySettings.ts";

/** @param path of a file; of a split model its first */
export function computeQuestions(engine: Engine, path: string, settings: FitSettings): AskCompute {
  return async ({ gpuLayers, nCtx }) => {
    const told = await engine.memory?.({ path, ...settings, gpuLayers, nCtx });
    if (told === undefined || told === null) return null;
    return new Map([...told.byPlace].map(([place, { computeBytes }]) => [place, computeBytes]));
  };
}
