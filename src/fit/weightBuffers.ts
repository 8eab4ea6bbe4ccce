/** Where the weights go, and what their buffers take (llama_model_loader::create_tensor and load_tensors, v0.4.0). */
import { bytesOf, ggmlTypes } from "../gguf/ggmlTypes.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import { backendOf, backendTraits, hostAlignment, type BackendTraits } from "./backendTraits.ts";
import type { LayerPlacement, MemoryDevice, Place } from "./layerPlacement.ts";
import type { FileTensor, MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";

export interface WeightBuffers {
  /** By device. */
  readonly devices: readonly number[];
  /** As llama.cpp prints it: mapped weights count as the span of the file that they lie in. */
  readonly host: number;
  /** What the host must really hold: mapped weights by themselves. */
  readonly hostResident: number;
}

export function weightBuffers(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
  repacks: (tensor: FileTensor) => boolean,
): WeightBuffers {
  const mapped = settings.loadMode !== "none";
  const onDevice = devices.map((device, index) => {
    const traits = backendTraits[backendOf(device.name)];
    const held = tensorsAt(model, settings, placement, index);
    return mapped && traits.mapsWeights ? spanBytes(held) : allocatedBytes(held, traits);
  });
  const held = tensorsAt(model, settings, placement, "host");
  // Pinned memory of a device comes before the CPU's own layouts.
  const hasHostBuffer = devices.some(({ name }) => backendTraits[backendOf(name)].hostBuffer);
  const repacked = hasHostBuffer
    ? []
    : held.filter((tensor) => usedAsMatrix(tensor) && repacks(tensor));
  const plain = held.filter((tensor) => !repacked.includes(tensor));
  const repackedBytes = allocatedBytes(repacked, hostTraits);
  const plainBytes = allocatedBytes(plain, hostTraits);
  return {
    devices: onDevice,
    host: repackedBytes + (mapped ? spanBytes(plain) : plainBytes),
    hostResident: repackedBytes + plainBytes,
  };
}

const hostTraits = { alignment: hostAlignment, rowPadding: 1 };

function usedAsMatrix({ name, dims }: FileTensor): boolean {
  return dims.length > 1 && name !== "token_embd.weight";
}

/** The tensors of a place; tied embeddings stand at the input and at the output, rope factors once a place. */
function tensorsAt(
  model: MemoryModel,
  { nCpuMoe }: MemorySettings,
  { places }: LayerPlacement,
  place: Place,
): FileTensor[] {
  const output = places.at(-1);
  const repeating = places.slice(0, -1);
  return model.tensors.flatMap((tensor) => {
    const { name, layer } = tensor;
    if (layer >= 0) {
      const at = layer < nCpuMoe && /_exps\.|_chexps\./.test(name) ? "host" : repeating[layer];
      return at === place ? [tensor] : [];
    }
    if (name.startsWith("rope_")) return repeating.includes(place) ? [tensor] : [];
    if (name === "token_embd.weight") {
      const tied = model.shape.tied_embeddings && output === place && place !== "host";
      return place === "host" || tied ? [tensor] : [];
    }
    return output === place ? [tensor] : [];
  });
}

/** From the first to the last byte in each file. */
function spanBytes(tensors: readonly FileTensor[]): number {
  const spans = new Map<number, { first: number; last: number }>();
  for (const { file, offset, bytes } of tensors) {
    const span = spans.get(file);
    spans.set(file, {
      first: Math.min(offset, span?.first ?? offset),
      last: Math.max(offset + bytes, span?.last ?? 0),
    });
  }
  return [...spans.values()].reduce((sum, { first, last }) => sum + last - first, 0);
}

function allocatedBytes(
  tensors: readonly FileTensor[],
  { alignment, rowPadding }: Pick<BackendTraits, "alignment" | "rowPadding">,
): number {
  return tensors.reduce((sum, { type, dims, bytes }) => {
    const [row = 0] = dims;
    const short = ggmlTypes[type].blockSize > 1 ? alignTo(row, rowPadding) - row : 0;
    return sum + alignTo(bytes + bytesOf(type, [short]), alignment);
  }, 0);
}
