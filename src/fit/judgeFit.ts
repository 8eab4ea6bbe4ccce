/** Does it fit? All of it, a part of it, or not at all, and how large a context may get. */
import { formatBytes } from "../base/bytes.ts";
import { raisedMetalLimit, type RaisedMetalLimit } from "../machine/metalLimit.ts";
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import type { MemoryDevice } from "./layerPlacement.ts";
import { largestContext } from "./largestContext.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { FitSettings } from "./memorySettings.ts";
import { predictMemory, type HostTraits, type MemoryPrediction } from "./predictMemory.ts";

export type Fit = "full" | "partial" | "none";

export interface FitVerdict {
  readonly fit: Fit;
  readonly nLayers: number;
  /** What `auto` takes; a number that was asked for stands, fitting or not. 0 where nothing fits. */
  readonly nGpuLayers: number;
  /** Whether the placement of `nGpuLayers` is within the budget. */
  readonly placementFits: boolean;
  /** Largest context, in tokens, with this same fit; where there is none, the largest that runs at all, or null. */
  readonly maxCtx: number | null;
  /** Within the budget by less than its margin. */
  readonly tight: boolean;
  /** What decided: of the fullest device, of all of a unified memory, or of the host. */
  readonly neededBytes: number;
  readonly budgetBytes: number;
  /** Buffers of the placement of `nGpuLayers`. */
  readonly prediction: MemoryPrediction;
  /** On a Mac that would hold all of it at a higher limit: which, how, and what it leaves. */
  readonly raisedLimit: RaisedMetalLimit | null;
  /** One line for people. */
  readonly why: string;
}

export function judgeFit(
  model: MemoryModel,
  settings: FitSettings,
  budget: MemoryBudget,
  host?: HostTraits,
): FitVerdict {
  const trial = new FitTrial(model, settings, budget, host);
  const all = model.shape.n_layers + 1;
  const taken = trial.mostLayers(settings.nCtx);
  const asked = settings.gpuLayers === "max" ? all : settings.gpuLayers;
  const nGpuLayers =
    budget.kind === "host" ? 0 : asked === "auto" ? (taken ?? 0) : Math.min(asked, all);
  const placed = trial.at(nGpuLayers, settings.nCtx);
  const fit = fitOf(taken, placed.fits && asked !== "auto" ? nGpuLayers : taken, all, budget);
  const full = trial.at(all, settings.nCtx);
  const decisive = fit === "full" ? placed : fit === "partial" && !full.fits ? full : placed;
  return {
    fit,
    nLayers: model.shape.n_layers,
    nGpuLayers,
    placementFits: placed.fits,
    maxCtx: largestContext(model.shape.n_ctx_train, (nCtx) =>
      fit === "full" ? trial.at(all, nCtx).fits : trial.mostLayers(nCtx) !== null,
    ),
    tight: fit !== "none" && placed.fits && placed.tight,
    neededBytes: decisive.neededBytes,
    budgetBytes: decisive.budgetBytes,
    prediction: placed.prediction,
    raisedLimit: fit === "full" ? null : trial.raisedLimit(full),
    why: why(fit, nGpuLayers, all, decisive),
  };
}

function fitOf(taken: number | null, shown: number | null, all: number, budget: MemoryBudget): Fit {
  if (taken === null || shown === null) return "none";
  if (budget.kind === "host") return "full";
  return shown >= all ? "full" : "partial";
}

interface Trial {
  readonly prediction: MemoryPrediction;
  readonly fits: boolean;
  readonly tight: boolean;
  /** Of the place with the least room. */
  readonly neededBytes: number;
  readonly budgetBytes: number;
  readonly placeName: string;
}

interface Demand {
  readonly placeName: string;
  readonly neededBytes: number;
  readonly budgetBytes: number;
  readonly marginBytes: number;
}

/** Tries placements and contexts of one model against one budget. */
class FitTrial {
  private readonly model: MemoryModel;
  private readonly settings: FitSettings;
  private readonly budget: MemoryBudget;
  private readonly host: HostTraits | undefined;
  private readonly devices: readonly MemoryDevice[];

  constructor(
    model: MemoryModel,
    settings: FitSettings,
    budget: MemoryBudget,
    host: HostTraits | undefined,
  ) {
    this.model = model;
    this.settings = settings;
    this.budget = budget;
    this.host = host;
    this.devices = budget.devices.map(({ name, budgetBytes }) => ({
      name,
      freeBytes: budgetBytes,
    }));
  }

  at(gpuLayers: number, nCtx: number): Trial {
    const settings = { ...this.settings, gpuLayers, nCtx };
    const prediction = predictMemory(this.model, settings, this.devices, this.host);
    const demands = this.demands(prediction);
    const room = ({ budgetBytes, neededBytes }: Demand) => budgetBytes - neededBytes;
    const tightest = demands.toSorted((a, b) => room(a) - room(b))[0] as Demand;
    return {
      prediction,
      fits: demands.every((demand) => room(demand) >= 0),
      tight: demands.some((demand) => room(demand) < demand.marginBytes),
      neededBytes: tightest.neededBytes,
      budgetBytes: tightest.budgetBytes,
      placeName: tightest.placeName,
    };
  }

  /** The most layers that fit on the devices with all the rest on the host; null where not even none do. */
  mostLayers(nCtx: number): number | null {
    if (!this.at(0, nCtx).fits && this.budget.kind !== "unified") {
      // Host memory may be too small for all layers and large enough for some.
      return this.searchDown(nCtx);
    }
    let low = this.at(0, nCtx).fits ? 0 : -1;
    let high = this.budget.devices.length === 0 ? 0 : this.model.shape.n_layers + 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.at(middle, nCtx).fits) low = middle;
      else high = middle - 1;
    }
    return low < 0 ? null : low;
  }

  private searchDown(nCtx: number): number | null {
    const all = this.budget.devices.length === 0 ? 0 : this.model.shape.n_layers + 1;
    for (let layers = all; layers >= 0; layers--) if (this.at(layers, nCtx).fits) return layers;
    return null;
  }

  raisedLimit(full: Trial): RaisedMetalLimit | null {
    const { metalWorkingSetBytes, ramBytes, hostBytes, overridden } = this.budget;
    if (metalWorkingSetBytes === null || overridden) return null;
    const { deviceBytes, host } = full.prediction;
    if (deviceBytes + host.residentBytes > hostBytes) return null;
    return raisedMetalLimit(deviceBytes, ramBytes);
  }

  /** What each place must hold. Unified memory is one pool: what devices take is taken from the host's too. */
  private demands({ devices, deviceBytes, host }: MemoryPrediction): Demand[] {
    const { kind, hostBytes } = this.budget;
    const onDevices = devices.map(({ name, totalBytes }, index) => ({
      placeName: name,
      neededBytes: totalBytes,
      budgetBytes: this.budget.devices[index]?.budgetBytes ?? 0,
      marginBytes: this.budget.devices[index]?.marginBytes ?? 0,
    }));
    const onHost = {
      placeName: kind === "unified" ? "memory" : "host memory",
      neededBytes: host.residentBytes + (kind === "unified" ? deviceBytes : 0),
      budgetBytes: hostBytes,
      marginBytes: 0,
    };
    return [...onDevices, onHost];
  }
}

function why(fit: Fit, nGpuLayers: number, all: number, trial: Trial): string {
  const { placeName, neededBytes, budgetBytes } = trial;
  const numbers = `${formatBytes(neededBytes)} of ${formatBytes(budgetBytes)} on ${placeName}`;
  if (fit === "full") return `all of it fits: ${numbers}`;
  if (fit === "partial")
    return `${nGpuLayers}/${all} layers on the device; all would need ${numbers}`;
  return `does not fit: needs ${numbers}`;
}
