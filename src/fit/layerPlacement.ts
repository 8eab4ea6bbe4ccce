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

type SplitSettings = Pick<MemorySettings, "gpuLayers" | "splitMode" | "mainGpu" | "tensorSplit">;

export function placeLayers(
  nLayers: number,
  settings: SplitSettings,
  devices: readonly MemoryDevice[],
): LayerPlacement {
  const used = usedDevices(settings, devices);
  const nGpuLayers = used.length === 0 ? 0 : Math.min(settings.gpuLayers, nLayers + 1);
  const first = nLayers + 1 - nGpuLayers;
  const places = Array<Place>(nLayers + 1).fill("host");
  const ends = splitEnds(settings, devices, used);
  let next = 0;
  for (let layer = first; layer <= nLayers; layer++) {
    // Single precision, as llama.cpp reckons: a layer at a boundary falls to the same side.
    const share = Math.fround((layer - first) / nGpuLayers);
    while (next < used.length - 1 && (ends[next] ?? 0) <= share) next += 1;
    places[layer] = used[next] ?? "host";
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

/** `--split-mode none` leaves one device. */
function usedDevices(
  { splitMode, mainGpu }: SplitSettings,
  devices: readonly MemoryDevice[],
): number[] {
  if (splitMode === "none") return devices[mainGpu] === undefined ? [] : [mainGpu];
  return devices.map((_, index) => index);
}

/** Where each device's share of the layers ends, of 1. */
function splitEnds(
  { splitMode, tensorSplit }: SplitSettings,
  devices: readonly MemoryDevice[],
  used: readonly number[],
): number[] {
  if (splitMode === "none") return used.map(() => 1);
  const given = used.map((index) => tensorSplit[index] ?? 0);
  const shares = given.some((share) => share > 0)
    ? given
    : used.map((index) => devices[index]?.freeBytes ?? 0);
  let sum = 0;
  const ends = shares.map((share) => (sum = Math.fround(sum + share)));
  return ends.map((end) => Math.fround(end / sum));
}

/** A placement in a few words; where `longest` is given, runs that are longer look alike. */
export function placementForm({ places, runs }: LayerPlacement, longest = Infinity): string {
  const seen = runs.map(({ place, start, end }) => `${place}x${Math.min(end - start, longest)}`);
  return [...seen, places.at(-1)].join(" ");
}
