/** What a model with a placement and a context takes, on each device and on the host, before a byte is loaded. */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import { backendOf, hostAlignment } from "./backendTraits.ts";
import { traitsOf } from "./deviceTraits.ts";
import { cacheSettings, type CacheSettings } from "./caches/cacheBytes.ts";
import { PlacedCaches } from "./caches/placedCaches.ts";
import { deviceHoldings, type DeviceHolding } from "./deviceHoldings.ts";
import { ComputeSizes } from "./computeBuffers.ts";
import { attendsOnHost, usesFlashAttention } from "./flashAttention.ts";
import { detailNeeded, type GraphDetail } from "./laidOutRuns.ts";
import { plainHost, type HostTraits } from "./hostTraits.ts";
import { placeLayers, type LayerPlacement, type Place } from "./layerPlacement.ts";
import { usedDevices, type MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";
import { reductionBytes } from "./tensorSplit/reductionBytes.ts";
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

export interface Allocation {
  readonly bytes: number;
  readonly mostBytes: number;
}

export interface MemoryPrediction {
  readonly devices: readonly (PlaceBytes & {
    readonly name: string;
    /** What the backend takes beyond llama.cpp's buffers; not part of the total. */
    readonly runtimeBytes: number;
    /** What must be one allocation, against the most that the backend makes; null where it may make several. */
    readonly allocation: Allocation | null;
  })[];
  readonly host: PlaceBytes & {
    /** What must really be held: weights that are mapped count by themselves, not as a span of the file. */
    readonly residentBytes: number;
    /** Weights of layers on devices that stay here by name: by a pattern, or as experts. */
    readonly namedBytes: number;
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
  private readonly holdings: readonly DeviceHolding[];
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
    const used = usedDevices(settings, devices);
    this.placement = placeLayers(model.placedLayers, settings, used);
    this.weights = weightBuffers(model, settings, this.placement, used, host);
    this.compute = new ComputeSizes(model, settings, this.placement, used, host);
    this.caches = new PlacedCaches(model.caches, this.placement, settings.noKvOffload);
    this.holdings = deviceHoldings(model, settings, this.placement, devices, used);
    this.flashAttention = usesFlashAttention(settings, model, this.placement, used);
    this.attendsOnHost = attendsOnHost(settings, model, this.placement, used);
  }

  at(nCtx: number, detail: GraphDetail): MemoryPrediction {
    const needed = detailNeeded(this.model.shape, this.settings, detail);
    return getOrMake(this.predictions[needed], nCtx, () => this.predict(nCtx, needed));
  }

  private predict(nCtx: number, detail: GraphDetail): MemoryPrediction {
    const { model, weights, placement } = this;
    const compute = this.compute.at(nCtx, detail);
    const settings = cacheSettings(this.settings, nCtx);
    // Spelled out: a table of fits makes some ten thousand of these, and spreading takes V8 most of the time.
    const devices = this.holdings.map((holding) => {
      const { device, place, part, caches } = holding;
      const { alignment } = traitsOf(device);
      const weightsBytes = weights.devices[part] ?? 0;
      const kvBytes = caches.kvBytes(place, settings, alignment);
      const stateBytes = caches.stateBytes(place, settings, alignment);
      const computeBytes = compute.devices[place] ?? 0;
      return {
        name: device.name,
        runtimeBytes: this.runtimeBytes(holding, settings),
        allocation: this.allocation(holding, settings),
        weightsBytes,
        kvBytes,
        stateBytes,
        computeBytes,
        outputBytes: 0,
        totalBytes: weightsBytes + kvBytes + stateBytes + computeBytes,
      };
    });
    const host = this.hostBytes(compute.host, settings);
    const all = [...devices, host];
    return {
      devices,
      host,
      nLayers: model.placedLayers,
      nGpuLayers: placement.nGpuLayers,
      nCtx: paddedContext(nCtx),
      weightsBytes: model.weightsBytes,
      kvBytes: sumOf(all, ({ kvBytes }) => kvBytes),
      stateBytes: sumOf(all, (place) => place.stateBytes),
      computeBytes: sumOf(all, ({ computeBytes }) => computeBytes),
      deviceBytes: sumOf(devices, ({ totalBytes }) => totalBytes),
      hostBytes: host.totalBytes,
      attendsOnHost: this.attendsOnHost,
    };
  }

  private hostBytes(computeBytes: number, settings: CacheSettings): MemoryPrediction["host"] {
    const { weights, caches, model } = this;
    const kvBytes = caches.kvBytes("host", settings, hostAlignment);
    const stateBytes = caches.stateBytes("host", settings, hostAlignment);
    // Logits of one token: the buffer that a context begins with.
    const outputBytes = 4 * model.shape.n_vocab;
    const others = kvBytes + stateBytes + computeBytes + outputBytes;
    return {
      weightsBytes: weights.host,
      kvBytes,
      stateBytes,
      computeBytes,
      outputBytes,
      totalBytes: weights.host + others,
      residentBytes: weights.hostResident + others,
      namedBytes: weights.hostNamed,
    };
  }

  /**
   * Caches that devices share must be one buffer on each: llama.cpp gives up over several
   * (ggml_backend_meta_buffer_init_tensor_impl, ggml-backend-meta.cpp, v0.4.0).
   */
  private allocation(
    { device, place, caches }: DeviceHolding,
    settings: CacheSettings,
  ): Allocation | null {
    const { maxChunkBytes, alignment } = traitsOf(device);
    if (this.settings.splitMode !== "tensor" || maxChunkBytes === Infinity) return null;
    return {
      bytes: caches.largestKvBytes(place, settings, alignment),
      mostBytes: maxChunkBytes,
    };
  }

  private runtimeBytes({ device, place, caches }: DeviceHolding, settings: CacheSettings): number {
    if (place === -1) return 0;
    const { model, placement } = this;
    const { splitMode } = this.settings;
    const { nUbatch, nBatch, nCtx } = settings;
    const nTokens = Math.min(nUbatch, nBatch, nCtx);
    const holdsOutput = placement.places.at(-1) === place;
    const cache = this.flashAttention ? null : largestCache(caches, place, settings);
    const own = runtimeBytes(backendOf(device.name), model, { nTokens, holdsOutput, cache });
    const together = splitMode === "tensor" && placement.runs.some((run) => run.place === place);
    if (!together) return own;
    const devices = this.holdings.flatMap((holding) =>
      holding.place === -1 ? [] : holding.device,
    );
    return own + reductionBytes(model.parameters, nTokens, devices);
  }
}

function largestCache(
  caches: PlacedCaches,
  place: Place,
  settings: CacheSettings,
): PlainCache | null {
  const cells = caches.mostCells(place, settings);
  if (cells === null) return null;
  return { cells, typeK: settings.typeK, typeV: settings.typeV };
}
