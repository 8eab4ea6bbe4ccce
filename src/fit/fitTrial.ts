/** One model against one machine's memory: placements and contexts are tried until the largest that fits is found. */
import {
  hasDeviceMemory,
  sharesHostMemory,
  totalMemory,
  type MemoryBudget,
} from "../machine/memoryBudget.ts";
import { cacheSettings, leastCacheBytes } from "./caches/cacheBytes.ts";
import { ComputeKnowledge, type Bound } from "./computeKnowledge.ts";
import type { GraphDetail } from "./laidOutRuns.ts";
import { plainHost, type HostTraits } from "./hostTraits.ts";
import { lastHolding } from "./lastHolding.ts";
import { memoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { FitSettings } from "./memorySettings.ts";
import { placedModels } from "./placedModels.ts";
import type { MemoryPrediction, PlacedModel } from "./predictMemory.ts";

/** What one place must hold, against what it may. */
export interface Demand {
  /** `CUDA0`; `memory` for all of a unified one; `host memory`. */
  readonly place: string;
  readonly neededBytes: number;
  readonly budgetBytes: number;
  readonly marginBytes: number;
}

export interface Placed {
  readonly gpuLayers: number;
  readonly prediction: MemoryPrediction;
  readonly fits: boolean;
  /** With all margins kept. */
  readonly roomy: boolean;
  /** The place with the least room. */
  readonly tightest: Demand;
  /** The place with the largest part of it taken: a device that holds nothing never stands for the host that holds all. */
  readonly fullest: Demand;
}

export interface TrialOptions {
  readonly host?: HostTraits | undefined;
  readonly compute?: ComputeKnowledge;
  /** Where in the band of what isn't known exactly. */
  readonly bound?: Bound;
}

export class FitTrial {
  readonly budget: MemoryBudget;
  /** All layers and the output; 0 without a device. */
  readonly mostGpuLayers: number;
  private readonly model: MemoryModel;
  private readonly settings: FitSettings;
  private readonly compute: ComputeKnowledge;
  private readonly bound: Bound;
  private readonly placed: (gpuLayers: number) => PlacedModel;
  /** The most layers that devices held when that was last asked: a good guess for another context. */
  private nearMost: number | null = null;
  /** With so many it ran at another context. */
  private ranWith: number | null = null;

  constructor(
    model: MemoryModel,
    settings: FitSettings,
    budget: MemoryBudget,
    {
      host = plainHost,
      compute = new ComputeKnowledge(model.computeBand),
      bound = "expected",
    }: TrialOptions = {},
  ) {
    this.model = model;
    this.compute = compute;
    this.bound = bound;
    this.settings = settings;
    this.budget = budget;
    this.mostGpuLayers = budget.devices.length === 0 ? 0 : model.placedLayers + 1;
    const devices = budget.devices.map((device) =>
      memoryDevice(device, device.freeBytes ?? device.budgetBytes),
    );
    this.placed = placedModels(model, settings, devices, host);
  }

  at(gpuLayers: number, detail: GraphDetail, nCtx = this.settings.nCtx): Placed {
    const prediction = this.predicted(gpuLayers, detail, nCtx);
    const demands = this.demands(prediction);
    const tightest = demands.reduce((least, one) => (roomOf(one) < roomOf(least) ? one : least));
    const fullest = demands.reduce((most, one) => (partTaken(one) > partTaken(most) ? one : most));
    return {
      gpuLayers,
      prediction,
      fits: roomOf(tightest) >= 0,
      roomy: demands.every((demand) => roomOf(demand) >= demand.marginBytes),
      tightest,
      fullest,
    };
  }

  private predicted(gpuLayers: number, detail: GraphDetail, nCtx: number): MemoryPrediction {
    return this.compute.certain
      ? this.placed(gpuLayers).at(nCtx, detail)
      : this.compute.at({ gpuLayers, nCtx }, this.bound, (question) =>
          this.placed(question.gpuLayers).at(question.nCtx, detail),
        );
  }

  /** What is left of all memory together by weights and caches alone, in bytes; where it is below 0, nothing helps. */
  private mostRoom(nCtx: number): number {
    const { caches, loadedBytes } = this.model;
    const all = totalMemory(this.budget);
    return all - loadedBytes - leastCacheBytes(caches, cacheSettings(this.settings, nCtx));
  }

  /** Everything on the devices, margins or not; else the most layers that keep the margins; else the most that fit. */
  best(detail: GraphDetail, nCtx = this.settings.nCtx): Placed | null {
    if (this.mostRoom(nCtx) < 0) return null;
    const all = this.at(this.mostGpuLayers, detail, nCtx);
    if (all.fits) return all;
    return this.most(detail, "roomy", nCtx) ?? this.most(detail, "fits", nCtx);
  }

  /** Bytes left where it runs with this context, however few layers are on devices; below 0 where it doesn't. */
  roomAt(nCtx: number, detail: GraphDetail): number {
    const most = this.mostRoom(nCtx);
    if (most < 0) return most;
    const none = roomOf(this.at(0, detail, nCtx).tightest);
    // Only memory of their own lets devices take what the host can't hold.
    if (none >= 0 || !hasDeviceMemory(this.budget)) return none;
    if (this.ranWith !== null) {
      const again = roomOf(this.at(this.ranWith, detail, nCtx).tightest);
      if (again >= 0) return again;
    }
    const placed = this.most(detail, "fits", nCtx);
    if (placed === null) return none;
    this.ranWith = placed.gpuLayers;
    return roomOf(placed.tightest);
  }

  /**
   * More layers need more of the devices and less of the host: the most that devices hold leaves the host the least. The
   * search goes by rough graphs, whose errors the last steps make good.
   */
  private most(
    detail: GraphDetail,
    how: "roomy" | "fits",
    nCtx = this.settings.nCtx,
  ): Placed | null {
    const holds = (demand: Demand) => roomOf(demand) >= (how === "roomy" ? demand.marginBytes : 0);
    const demandsAt = (layers: number) => this.deviceDemands(this.predicted(layers, "rough", nCtx));
    const near = lastHolding(
      { low: 0, high: this.mostGpuLayers },
      this.nearMost ?? this.guess(demandsAt(0), demandsAt(this.mostGpuLayers)),
      (layers) => demandsAt(layers).every(holds),
    );
    this.nearMost = near;
    let placed = this.at(near, detail, nCtx);
    // What devices give up falls to a host of its own, but is given back to memory that they share with it.
    const overfull = () =>
      sharesHostMemory(this.budget)
        ? !placed[how]
        : !this.deviceDemands(placed.prediction).every(holds);
    while (overfull() && placed.gpuLayers > 0) placed = this.at(placed.gpuLayers - 1, detail, nCtx);
    if (!placed[how]) return null;
    for (let more = placed.gpuLayers + 1; more <= this.mostGpuLayers; more++) {
      const next = this.at(more, detail, nCtx);
      if (!next[how]) break;
      placed = next;
    }
    return placed;
  }

  /** As if each layer took the same. */
  private guess(none: readonly Demand[], all: readonly Demand[]): number {
    const shares = none.map((demand, index) => {
      const layers = (all[index]?.neededBytes ?? 0) - demand.neededBytes;
      return layers > 0 ? (roomOf(demand) - demand.marginBytes) / layers : 1;
    });
    return Math.floor(this.mostGpuLayers * Math.min(1, ...shares));
  }

  /** What devices may take, and what the host's pool holds of theirs beside its own. */
  private demands(prediction: MemoryPrediction): Demand[] {
    const { devices, hostPool, hostBytes } = this.budget;
    const shared = prediction.devices.reduce(
      (sum, { totalBytes }, index) => (devices[index]?.pool === hostPool ? sum + totalBytes : sum),
      0,
    );
    return [
      ...this.deviceDemands(prediction),
      {
        place: hostPool,
        neededBytes: prediction.host.residentBytes + shared,
        budgetBytes: hostBytes,
        marginBytes: 0,
      },
    ];
  }

  private deviceDemands({ devices }: MemoryPrediction): Demand[] {
    return this.budget.devices.flatMap(({ name, budgetBytes, marginBytes }, index) => {
      const { totalBytes = 0, runtimeBytes = 0, allocation = null } = devices[index] ?? {};
      const whole = {
        place: name,
        neededBytes: totalBytes + runtimeBytes,
        budgetBytes,
        marginBytes,
      };
      if (allocation === null) return [whole];
      const { bytes, mostBytes } = allocation;
      const place = `one buffer of ${name}`;
      return [whole, { place, neededBytes: bytes, budgetBytes: mostBytes, marginBytes: 0 }];
    });
  }
}

/** Bytes left; below 0 where there are too few. */
export function roomOf({ budgetBytes, neededBytes }: Demand): number {
  return budgetBytes - neededBytes;
}

function partTaken({ budgetBytes, neededBytes }: Demand): number {
  return neededBytes === 0 ? 0 : neededBytes / budgetBytes;
}
