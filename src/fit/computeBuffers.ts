/** The compute buffers: what one batch's intermediate results take on each device. */
import type { LayerPlacement } from "./layerPlacement.ts";
import type { MemoryModel } from "./memoryModel.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";

export interface ComputeBuffers {
  readonly devices: readonly number[];
  readonly host: number;
}

export function computeBuffers(
  { shape }: MemoryModel,
  settings: MemorySettings,
  { places }: LayerPlacement,
  deviceCount: number,
): ComputeBuffers {
  const nCtx = paddedContext(settings.nCtx);
  const rows = 4 * Math.min(settings.nUbatch, settings.nBatch, nCtx);
  const mask = (rows * nCtx) / (settings.flashAttn === "off" ? 1 : 2);
  const attention = settings.flashAttn === "off" ? rows * nCtx * shape.n_heads : 0;
  const layer = rows * (2 * shape.n_ff + 2 * shape.n_embd) + mask;
  const output = rows * (shape.n_vocab + shape.n_embd);
  const at = (place: number | "host") => {
    const layers = places.slice(0, -1).includes(place) ? Math.max(layer, attention + mask) : 0;
    return Math.max(layers, places.at(-1) === place ? output : 0);
  };
  return {
    devices: Array.from({ length: deviceCount }, (_, index) => at(index)),
    host: Math.max(at("host"), rows * shape.n_embd + mask),
  };
}
