/** What a model with a placement and a context takes, on each device and on the host, before a byte is loaded. */
import { backendOf, backendTraits, hostAlignment } from "./backendTraits.ts";
import { computeBuffers } from "./computeBuffers.ts";
import type { Detail } from "./graphPlan.ts";
import { plainHost, type HostTraits } from "./hostTraits.ts";
import { layerKvBytes } from "./kvBytes.ts";
import { placeLayers, type MemoryDevice } from "./layerPlacement.ts";
import type { MemoryModel } from "./memoryModel.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";
import { runtimeBytes } from "./runtimeBytes.ts";
import { weightBuffers } from "./weightBuffers.ts";

/** llama.cpp's buffers at one place. */
export interface PlaceBytes {
  readonly weightsBytes: number;
  readonly kvBytes: number;
  readonly computeBytes: number;
  /** Logits; on the host only. */
  readonly outputBytes: number;
  readonly totalBytes: number;
}

export interface MemoryPrediction {
  readonly devices: readonly (PlaceBytes & {
    readonly name: string;
    /** What the backend takes beyond llama.cpp's buffers; not part of the total. */
    readonly runtimeBytes: number;
  })[];
  readonly host: PlaceBytes & {
    /** What must really be held: weights that are mapped count by themselves, not as a span of the file. */
    readonly residentBytes: number;
  };
  readonly nLayers: number;
  /** On devices, the output layer counted. */
  readonly nGpuLayers: number;
  /** As llama.cpp pads it. */
  readonly nCtx: number;
  /** Tensor data of the file. */
  readonly weightsBytes: number;
  /** Over devices and host, as the two below. */
  readonly kvBytes: number;
  readonly computeBytes: number;
  readonly deviceBytes: number;
  readonly hostBytes: number;
}

export function predictMemory(
  model: MemoryModel,
  settings: MemorySettings,
  devices: readonly MemoryDevice[],
  host: HostTraits = plainHost,
  detail: Detail = "exact",
): MemoryPrediction {
  const { shape } = model;
  const placement = placeLayers(shape.n_layers, settings, devices);
  const weights = weightBuffers(model, settings, placement, devices, host);
  const compute = computeBuffers(model, settings, placement, devices, detail);
  const layersAt = (place: number | "host") =>
    placement.places.slice(0, -1).filter((at) => at === place).length;
  const kv = devices.map(({ name }, index) =>
    settings.noKvOffload
      ? 0
      : layersAt(index) * layerKvBytes(shape, settings, backendTraits[backendOf(name)].alignment),
  );
  const hostLayers = settings.noKvOffload ? shape.n_layers : layersAt("host");
  const hostKv = hostLayers * layerKvBytes(shape, settings, hostAlignment);
  const nTokens = Math.min(settings.nUbatch, settings.nBatch, settings.nCtx);
  const onDevices = devices.map(({ name }, index) => ({
    name,
    runtimeBytes: runtimeBytes(backendOf(name), model, nTokens, placement.places.at(-1) === index),
    ...placeBytes(weights.devices[index] ?? 0, kv[index] ?? 0, compute.devices[index] ?? 0, 0),
  }));
  // Logits of one token: the buffer that a context begins with.
  const onHost = placeBytes(weights.host, hostKv, compute.host, 4 * shape.n_vocab);
  const all = [...onDevices, onHost];
  return {
    devices: onDevices,
    host: { ...onHost, residentBytes: onHost.totalBytes - weights.host + weights.hostResident },
    nLayers: shape.n_layers,
    nGpuLayers: placement.nGpuLayers,
    nCtx: paddedContext(settings.nCtx),
    weightsBytes: model.weightsBytes,
    kvBytes: sum(all.map(({ kvBytes }) => kvBytes)),
    computeBytes: sum(all.map((at) => at.computeBytes)),
    deviceBytes: sum(onDevices.map(({ totalBytes }) => totalBytes)),
    hostBytes: onHost.totalBytes,
  };
}

function placeBytes(
  weightsBytes: number,
  kvBytes: number,
  computeBytes: number,
  outputBytes: number,
): PlaceBytes {
  const totalBytes = weightsBytes + kvBytes + computeBytes + outputBytes;
  return { weightsBytes, kvBytes, computeBytes, outputBytes, totalBytes };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
