/** What a model with a placement and a context takes, on each device and on the host, before a byte is loaded. */
import { getOrMake } from "../base/getOrMake.ts";
import { windowedLayers } from "../gguf/modelShape.ts";
import { backendOf, backendTraits, hostAlignment } from "./backendTraits.ts";
import { ComputeSizes } from "./computeBuffers.ts";
import { attendsOnHost, usesFlashAttention } from "./flashAttention.ts";
import type { GraphDetail } from "./graphPlan.ts";
import { plainHost, type HostTraits } from "./hostTraits.ts";
import { cacheCells, layerKvBytes } from "./kvBytes.ts";
import { placeLayers, type LayerPlacement, type Place } from "./layerPlacement.ts";
import { usedDevices, type MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";
import { runtimeBytes, type PlainCache } from "./runtimeBytes.ts";
import { weightBuffers, type WeightBuffers } from "./weightBuffers.ts";

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
  /** Flash attention is used, and a device with layers has no kernel for these caches. */
  readonly attendsOnHost: boolean;
}

export function predictMemory(
  model: MemoryModel,
  settings: MemorySettings,
  devices: readonly MemoryDevice[],
  host: HostTraits = plainHost,
  detail: GraphDetail = "exact",
): MemoryPrediction {
  return new PlacedModel(model, settings, devices, host).at(settings.nCtx, detail);
}

/** A model with a placement, to be asked about one context or many. */
export class PlacedModel {
  private readonly model: MemoryModel;
  private readonly settings: MemorySettings;
  private readonly devices: readonly MemoryDevice[];
  /** Those of the devices that llama.cpp uses: what follows counts them alone. */
  private readonly used: readonly MemoryDevice[];
  private readonly placement: LayerPlacement;
  private readonly weights: WeightBuffers;
  private readonly compute: ComputeSizes;
  private readonly caches: ReadonlyMap<Place, Caches>;
  private readonly flashAttention: boolean;
  private readonly attendsOnHost: boolean;
  private readonly predictions = {
    exact: new Map<number, MemoryPrediction>(),
    sampled: new Map<number, MemoryPrediction>(),
  };

  constructor(
    model: MemoryModel,
    settings: MemorySettings,
    devices: readonly MemoryDevice[],
    host: HostTraits,
  ) {
    this.model = model;
    this.settings = settings;
    this.devices = devices;
    const used = usedDevices(settings, devices);
    this.used = used;
    this.placement = placeLayers(model.shape.n_layers, settings, used);
    this.weights = weightBuffers(model, settings, this.placement, used, host);
    this.compute = new ComputeSizes(model, settings, this.placement, used, host);
    this.caches = cachesByPlace(model.shape, this.placement, settings.noKvOffload);
    this.flashAttention = usesFlashAttention(settings, model.shape, this.placement, used);
    this.attendsOnHost = attendsOnHost(settings, model.shape, this.placement, used);
  }

  at(nCtx: number, detail: GraphDetail): MemoryPrediction {
    return getOrMake(this.predictions[detail], nCtx, () => this.predict(nCtx, detail));
  }

  private predict(nCtx: number, detail: GraphDetail): MemoryPrediction {
    const { model, weights, placement } = this;
    const { shape } = model;
    const compute = this.compute.at(nCtx, detail);
    const devices = this.devices.map((device) => {
      const index = this.used.indexOf(device);
      return {
        name: device.name,
        runtimeBytes: this.runtimeBytes(index, nCtx),
        ...placeBytes(
          weights.devices[index] ?? 0,
          this.kvBytes(index, nCtx),
          compute.devices[index] ?? 0,
          0,
        ),
      };
    });
    // Logits of one token: the buffer that a context begins with.
    const host = placeBytes(
      weights.host,
      this.kvBytes("host", nCtx),
      compute.host,
      4 * shape.n_vocab,
    );
    const all = [...devices, host];
    return {
      devices,
      host: { ...host, residentBytes: host.totalBytes - weights.host + weights.hostResident },
      nLayers: shape.n_layers,
      nGpuLayers: placement.nGpuLayers,
      nCtx: paddedContext(nCtx),
      weightsBytes: model.weightsBytes,
      kvBytes: sum(all.map(({ kvBytes }) => kvBytes)),
      computeBytes: sum(all.map(({ computeBytes }) => computeBytes)),
      deviceBytes: sum(devices.map(({ totalBytes }) => totalBytes)),
      hostBytes: host.totalBytes,
      attendsOnHost: this.attendsOnHost,
    };
  }

  private kvBytes(place: Place, nCtx: number): number {
    const caches = this.caches.get(place);
    if (caches === undefined) return 0;
    const { shape } = this.model;
    const name = place === "host" ? undefined : this.used[place]?.name;
    const alignment = name === undefined ? hostAlignment : backendTraits[backendOf(name)].alignment;
    const { typeK, typeV, nBatch, nUbatch } = this.settings;
    const bytesOf = (windowed: boolean) => {
      const cells = cacheCells(shape, { nCtx, nBatch, nUbatch }, windowed);
      return layerKvBytes(shape, { typeK, typeV, cells }, alignment);
    };
    const { whole, windowed } = caches;
    return whole * bytesOf(false) + (windowed === 0 ? 0 : windowed * bytesOf(true));
  }

  private runtimeBytes(index: number, nCtx: number): number {
    const device = this.used[index];
    if (device === undefined) return 0;
    const { nUbatch, nBatch } = this.settings;
    const nTokens = Math.min(nUbatch, nBatch, nCtx);
    const holdsOutput = this.placement.places.at(-1) === index;
    const backend = backendOf(device.name);
    const cache = this.flashAttention ? null : this.largestCache(index, nCtx);
    return runtimeBytes(backend, this.model, { nTokens, holdsOutput, cache });
  }

  private largestCache(place: Place, nCtx: number): PlainCache | null {
    const caches = this.caches.get(place);
    if (caches === undefined) return null;
    const cells = cacheCells(this.model.shape, { ...this.settings, nCtx }, caches.whole === 0);
    return { cells, typeK: this.settings.typeK, typeV: this.settings.typeV };
  }
}

/** Layers whose KV cache is in a place: for all of the context, or for a window. */
interface Caches {
  whole: number;
  windowed: number;
}

function cachesByPlace(
  { sliding_window }: MemoryModel["shape"],
  { runs }: LayerPlacement,
  noKvOffload: boolean,
): Map<Place, Caches> {
  const found = new Map<Place, Caches>();
  const windowedOfFirst = (n_layers: number) => windowedLayers({ n_layers, sliding_window });
  for (const { place, start, end } of runs) {
    const caches = getOrMake(found, noKvOffload ? "host" : place, () => ({
      whole: 0,
      windowed: 0,
    }));
    const windowed = windowedOfFirst(end) - windowedOfFirst(start);
    caches.windowed += windowed;
    caches.whole += end - start - windowed;
  }
  return found;
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
