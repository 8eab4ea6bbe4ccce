/** Which device holds which layer (load_tensors, src/llama-model.cpp, v0.4.0). */
import type { MemorySettings } from "./memorySettings.ts";

/** A device's index in llama.cpp's order, or the host. */
export type Place = number | "host";

export interface MemoryDevice {
  /** llama.cpp's name, `CUDA0`. */
  readonly name: string;
  /** What a split in proportion goes by where `tensorSplit` is empty. */
  readonly freeBytes: number;
  /** Larger tensors stay on the host, and so do operations on them; none by default. */
  readonly maxTensorBytes?: number;
}

export interface LayerPlacement {
  /** By layer; the last is the output layer. */
  readonly places: readonly Place[];
  /** On a device, the output layer counted. */
  readonly nGpuLayers: number;
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
  const ends = splitEnds(settings, devices, used);
  const places = Array.from({ length: nLayers + 1 }, (_, layer): Place => {
    if (layer < first) return "host";
    // Single precision, as llama.cpp reckons: a layer at a boundary falls to the same side.
    const share = Math.fround((layer - first) / nGpuLayers);
    const index = ends.findIndex((end) => end > share);
    return used[index === -1 ? used.length - 1 : index] ?? "host";
  });
  return { places, nGpuLayers };
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
