/** One model against one machine's memory: placements and contexts are tried until the largest that fits is found. */
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import type { Detail } from "./graphPlan.ts";
import { plainHost, type HostTraits } from "./hostTraits.ts";
import { lastHolding } from "./lastHolding.ts";
import { memoryDevice, type MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { FitSettings } from "./memorySettings.ts";
import { PlacedModel, type MemoryPrediction } from "./predictMemory.ts";

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
}

export class FitTrial {
  readonly budget: MemoryBudget;
  /** All layers and the output; 0 without a device. */
  readonly mostGpuLayers: number;
  private readonly model: MemoryModel;
  private readonly settings: FitSettings;
  private readonly host: HostTraits;
  private readonly placements = new Map<number, PlacedModel>();
  private readonly devices: readonly MemoryDevice[];

  constructor(
    model: MemoryModel,
    settings: FitSettings,
    budget: MemoryBudget,
    host: HostTraits = plainHost,
  ) {
    this.model = model;
    this.settings = settings;
    this.budget = budget;
    this.host = host;
    this.mostGpuLayers = budget.devices.length === 0 ? 0 : model.shape.n_layers + 1;
    this.devices = budget.devices.map((device) => memoryDevice(device, device.budgetBytes));
  }

  at(gpuLayers: number, detail: Detail, nCtx = this.settings.nCtx): Placed {
    const prediction = this.placed(gpuLayers).at(nCtx, detail);
    const demands = this.demands(prediction);
    const tightest = demands.toSorted((a, b) => roomOf(a) - roomOf(b))[0];
    if (tightest === undefined) throw new RangeError("a machine without memory");
    return {
      gpuLayers,
      prediction,
      fits: roomOf(tightest) >= 0,
      roomy: demands.every((demand) => roomOf(demand) >= demand.marginBytes),
      tightest,
    };
  }

  private placed(gpuLayers: number): PlacedModel {
    const known = this.placements.get(gpuLayers);
    if (known !== undefined) return known;
    const settings = { ...this.settings, gpuLayers };
    const placed = new PlacedModel(this.model, settings, this.devices, this.host);
    this.placements.set(gpuLayers, placed);
    return placed;
  }

  /** The weights alone are more than all memory together. */
  get hopeless(): boolean {
    const { kind, devices, hostBytes } = this.budget;
    const beside = kind === "discrete" ? devices : [];
    const all = beside.reduce((sum, { budgetBytes }) => sum + budgetBytes, hostBytes);
    return this.model.weightsBytes > all;
  }

  /** Everything on the devices, margins or not; else the most layers that keep the margins; else the most that fit. */
  best(detail: Detail): Placed | null {
    if (this.hopeless) return null;
    const all = this.at(this.mostGpuLayers, detail);
    if (all.fits) return all;
    return this.most(detail, ({ roomy }) => roomy) ?? this.most(detail, ({ fits }) => fits) ?? null;
  }

  /** Whether it runs at all with this context, however few layers are on devices. */
  runsAt(nCtx: number, detail: Detail): boolean {
    if (this.hopeless) return false;
    if (this.at(0, detail, nCtx).fits) return true;
    // Only memory of their own lets devices take what the host can't hold.
    return (
      this.budget.kind === "discrete" && this.most(detail, ({ fits }) => fits, nCtx) !== undefined
    );
  }

  /**
   * More layers need more of the devices and less of the host: the most that devices hold leaves the host the least. The
   * search goes by sampled graphs, whose errors the last steps make good.
   */
  private most(
    detail: Detail,
    suits: (placed: Placed) => boolean,
    nCtx = this.settings.nCtx,
  ): Placed | undefined {
    const searched = detail === "exact" ? "sampled" : detail;
    const demandsAt = (layers: number) =>
      this.deviceDemands(this.at(layers, searched, nCtx).prediction);
    const high = this.mostGpuLayers;
    const most = lastHolding(
      { low: 0, high },
      this.guess(demandsAt(0), demandsAt(high)),
      (layers) => demandsAt(layers).every((demand) => roomOf(demand) >= demand.marginBytes),
    );
    return this.settle(most, detail, suits, nCtx);
  }

  /** As if each layer took the same. */
  private guess(none: readonly Demand[], all: readonly Demand[]): number {
    const shares = none.map((demand, index) => {
      const layers = (all[index]?.neededBytes ?? 0) - demand.neededBytes;
      return layers > 0 ? (roomOf(demand) - demand.marginBytes) / layers : 1;
    });
    return Math.floor(this.mostGpuLayers * Math.min(1, ...shares));
  }

  private settle(
    near: number,
    detail: Detail,
    suits: (placed: Placed) => boolean,
    nCtx: number,
  ): Placed | undefined {
    let placed = this.at(near, detail, nCtx);
    if (suits(placed)) {
      for (let more = near + 1; more <= this.mostGpuLayers; more++) {
        const next = this.at(more, detail, nCtx);
        if (!suits(next)) break;
        placed = next;
      }
      return placed;
    }
    for (let fewer = near - 1; fewer >= 0; fewer--) {
      placed = this.at(fewer, detail, nCtx);
      if (suits(placed)) return placed;
    }
    return undefined;
  }

  private demands(prediction: MemoryPrediction): Demand[] {
    const { kind, hostBytes } = this.budget;
    const { host, deviceBytes } = prediction;
    // Unified memory is one pool: what devices take is taken from the host's too.
    const unified = kind === "unified";
    return [
      ...this.deviceDemands(prediction),
      {
        place: unified ? "memory" : "host memory",
        neededBytes: host.residentBytes + (unified ? deviceBytes : 0),
        budgetBytes: hostBytes,
        marginBytes: 0,
      },
    ];
  }

  private deviceDemands({ devices }: MemoryPrediction): Demand[] {
    return this.budget.devices.map(({ name, budgetBytes, marginBytes }, index) => {
      const { totalBytes = 0, runtimeBytes = 0 } = devices[index] ?? {};
      return { place: name, neededBytes: totalBytes + runtimeBytes, budgetBytes, marginBytes };
    });
  }
}

function roomOf({ budgetBytes, neededBytes }: Demand): number {
  return budgetBytes - neededBytes;
}
