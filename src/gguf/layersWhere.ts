/** Layers for which something holds. */
import type { Hyperparameters } from "./hyperparameters.ts";

export function layersWhere(layers: number, is: (layer: number) => boolean): boolean[] {
  return Array.from({ length: layers }, (_, layer) => is(layer));
}

export function always({ allLayers }: Hyperparameters): boolean[] {
  return layersWhere(allLayers, () => true);
}
