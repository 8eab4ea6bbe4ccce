/** What a model with a placement and a context takes, on each device and on the host, before a byte is loaded. */
import { getOrMake } from "../base/getOrMake.ts";
import { backendOf, backendTraits, hostAlignment } from "./backendTraits.ts";
import { PlacedCaches } from "./caches/placedCaches.ts";
import { ComputeSizes } from "./computeBuffers.ts";
import { attendsOnHost, usesFlashAttention } from "./flashAttention.ts";
import { detailNeeded, type GraphDetail } from "./laidOutRuns.ts";
import { plainHost, type HostTraits } from "./hostTraits.ts";
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
  /** What recurrent layers and compressors remember. */
  readonly stateBytes: number;
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
  /** Over devices and host, as the three below. */
  readonly kvBytes: number;
  readonly stateBytes: number;
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
  private readonly caches: PlacedCaches;
  private readonly flashAttention: boolean;
  private readonly attendsOnHost: boolean;
  private readonly predictions = {
    exact: new Map<number, MemoryPrediction>(),
    sampled: new Map<number, MemoryPrediction>(),
    rough: new Map<number, MemoryPrediction>(),
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
    this.placement = placeLayers(model.placedLayers, settings, used);
    this.weights = weightBuffers(model, settings, this.placement, used, host);
    this.compute = new ComputeSizes(model, settings, this.placement, used, host);
    this.caches = new PlacedCaches(model.caches, this.placement, settings.noKvOffload);
    this.flashAttention = usesFlashAttention(settings, model.heads, this.placement, used);
    this.attendsOnHost = attendsOnHost(settings, model.heads, this.placement, used);
  }

  at(nCtx: number, detail: GraphDetail): MemoryPrediction {
    const needed = detailNeeded(this.model.shape, this.settings, detail);
    return getOrMake(this.predictions[needed], nCtx, () => this.predict(nCtx, needed));
  }

  private predict(nCtx: number, detail: GraphDetail): MemoryPrediction {
    const { model, weights, placement } = this;
    const { shape } = model;
    const compute = this.compute.at(nCtx, detail);
    const settings = { ...this.settings, nCtx };
    const devices = this.devices.map((device) => {
      const index = this.used.indexOf(device);
      return {
        name: device.name,
        runtimeBytes: this.runtimeBytes(index, settings),
        ...placeBytes({
          weightsBytes: weights.devices[index] ?? 0,
          ...this.cacheBytes(index, settings),
          computeBytes: compute.devices[index] ?? 0,
          outputBytes: 0,
        }),
      };
    });
    // Logits of one token: the buffer that a context begins with.
    const host = placeBytes({
      weightsBytes: weights.host,
      ...this.cacheBytes("host", settings),
      computeBytes: compute.host,
      outputBytes: 4 * shape.n_vocab,
    });
    const all = [...devices, host];
    return {
      devices,
      host: { ...host, residentBytes: host.totalBytes - weights.host + weights.hostResident },
      nLayers: model.placedLayers,
      nGpuLayers: placement.nGpuLayers,
      nCtx: paddedContext(nCtx),
      weightsBytes: model.weightsBytes,
      kvBytes: sum(all.map(({ kvBytes }) => kvBytes)),
      stateBytes: sum(all.map((place) => place.stateBytes)),
      computeBytes: sum(all.map(({ computeBytes }) => computeBytes)),
      deviceBytes: sum(devices.map(({ totalBytes }) => totalBytes)),
      hostBytes: host.totalBytes,
      attendsOnHost: this.attendsOnHost,
    };
  }

  private cacheBytes(
    place: Place,
    settings: MemorySettings,
  ): Pick<PlaceBytes, "kvBytes" | "stateBytes"> {
    const name = place === "host" ? undefined : this.used[place]?.name;
    const alignment = name === undefined ? hostAlignment : backendTraits[backendOf(name)].alignment;
    return {
      kvBytes: this.caches.kvBytes(place, settings, alignment),
      stateBytes: this.caches.stateBytes(place, settings, alignment),
    };
  }

  private runtimeBytes(index: number, settings: MemorySettings): number {
    const device = this.used[index];
    if (device === undefined) return 0;
    const { nUbatch, nBatch, nCtx } = settings;
    const nTokens = Math.min(nUbatch, nBatch, nCtx);
    const holdsOutput = this.placement.places.at(-1) === index;
    const backend = backendOf(device.name);
    const cache = this.flashAttention ? null : this.largestCache(index, settings);
    return runtimeBytes(backend, this.model, { nTokens, holdsOutput, cache });
  }

  private largestCache(place: Place, settings: MemorySettings): PlainCache | null {
    const cells = this.caches.mostCells(place, settings);
    if (cells === null) return null;
    return { cells, typeK: settings.typeK, typeV: settings.typeV };
  }
}

function placeBytes(parts: Omit<PlaceBytes, "totalBytes">): PlaceBytes {
  const { weightsBytes, kvBytes, stateBytes, computeBytes, outputBytes } = parts;
  return {
    ...parts,
    totalBytes: weightsBytes + kvBytes + stateBytes + computeBytes + outputBytes,
  };
}

/** @param bytesOf a place's name and what was laid out for it; `host` for the host */
export function withComputeBytes(
  prediction: MemoryPrediction,
  bytesOf: (place: string, laidOut: number) => number,
): MemoryPrediction {
  const at = <Bytes extends PlaceBytes>(name: string, place: Bytes) => {
    const computeBytes = bytesOf(name, place.computeBytes);
    const more = computeBytes - place.computeBytes;
    return { ...place, computeBytes, totalBytes: place.totalBytes + more };
  };
  const devices = prediction.devices.map((device) => at(device.name, device));
  const host = at("host", prediction.host);
  const moreOnHost = host.computeBytes - prediction.host.computeBytes;
  return {
    ...prediction,
    devices,
    host: { ...host, residentBytes: host.residentBytes + moreOnHost },
    computeBytes: sum([...devices, host].map(({ computeBytes }) => computeBytes)),
    deviceBytes: sum(devices.map(({ totalBytes }) => totalBytes)),
    hostBytes: host.totalBytes,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
