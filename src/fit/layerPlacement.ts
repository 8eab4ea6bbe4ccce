/** Which device holds which layer (load_tensors, src/llama-model.cpp, v0.4.0). */
import type { MemoryDevice } from "./memoryDevice.ts";
import type { MemorySettings } from "./memorySettings.ts";

/** A device's index in llama.cpp's order, or the host. */
export type Place = number | "host";

export interface LayerPlacement {
  /** By layer; the last is the output layer. */
  readonly places: readonly Place[];
  /** Layers in one place that follow each other, the output layer apart. */
  readonly runs: readonly LayerRun[];
  /** On a device, the output layer counted. */
  readonly nGpuLayers: number;
}

export interface LayerRun {
  readonly place: Place;
  readonly start: number;
  /** The first layer behind it. */
  readonly end: number;
}

type SplitSettings = Pick<MemorySettings, "gpuLayers" | "tensorSplit">;

/** @param devices those that llama.cpp uses */
export function placeLayers(
  nLayers: number,
  { gpuLayers, tensorSplit }: SplitSettings,
  devices: readonly MemoryDevice[],
): LayerPlacement {
  const nGpuLayers = devices.length === 0 ? 0 : Math.min(gpuLayers, nLayers + 1);
  const first = nLayers + 1 - nGpuLayers;
  const places = Array<Place>(nLayers + 1).fill("host");
  const ends = splitEnds(tensorSplit, devices);
  let next = 0;
  for (let layer = first; layer <= nLayers; layer++) {
    // Single precision, as llama.cpp reckons: a layer at a boundary falls to the same side.
    const share = Math.fround((layer - first) / nGpuLayers);
    while (next < devices.length - 1 && (ends[next] ?? 0) <= share) next += 1;
    places[layer] = next;
  }
  return { places, runs: runsOf(places.slice(0, -1)), nGpuLayers };
}

function runsOf(layers: readonly Place[]): LayerRun[] {
  const runs: LayerRun[] = [];
  for (let start = 0; start < layers.length;) {
    const place = layers[start] ?? "host";
    let end = start + 1;
    while (layers[end] === place) end += 1;
    runs.push({ place, start, end });
    start = end;
  }
  return runs;
}

/** Where each device's share of the layers ends, of 1. */
function splitEnds(tensorSplit: readonly number[], devices: readonly MemoryDevice[]): number[] {
  const given = devices.map((_, index) => tensorSplit[index] ?? 0);
  const shares = given.some((share) => share > 0)
    ? given
    : devices.map(({ freeBytes }) => freeBytes);
  let sum = 0;
  const ends = shares.map((share) => (sum = Math.fround(sum + share)));
  return ends.map((end) => Math.fround(end / sum));
}

/** A placement in a few words. */
export function placementForm({ places, runs }: LayerPlacement): string {
  const seen = runs.map(({ place, start, end }) => `${place}x${end - start}`);
  return [...seen, places.at(-1)].join(" ");
}
