/** Does it fit, at one bound of what is known? All of it, a part of it, or not at all, and how large a context may get. */
import { formatBytes } from "../base/bytes.ts";
import { mapsFile } from "../bench/settings.ts";
import { raisedMetalLimit, type RaisedMetalLimit } from "../machine/metalLimit.ts";
import { withoutDevices, type MemoryBudget } from "../machine/memoryBudget.ts";
import { FitTrial, roomOf, type Placed, type TrialOptions } from "./fitTrial.ts";
import type { GraphDetail } from "./laidOutRuns.ts";
import { largestContext } from "./largestContext.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { FitSettings } from "./memorySettings.ts";
import type { MemoryPrediction } from "./predictMemory.ts";

/**
 * `full`: all layers and the output on the devices, or, without a GPU, in RAM. `partial`: it runs with fewer layers on
 * devices, or less than all of them, and the rest in host memory. `none`: neither.
 */
export type CertainFit = "full" | "partial" | "none";

export interface BoundVerdict {
  /** Of the placement; where one that was asked for doesn't fit, of the best there is. */
  readonly fit: CertainFit;
  readonly nLayers: number;
  /** What `auto` takes; a number that was asked for stands, fitting or not. 0 where nothing fits. */
  readonly nGpuLayers: number;
  /** Whether the placement of `nGpuLayers` is within the budget. */
  readonly placementFits: boolean;
  /** It fits nowhere with the devices, whose driver and buffers take their part at any placement, and does without them. */
  readonly fitsWithoutDevices: boolean;
  /** Largest context, in tokens, with this same fit; where it is none, the largest that runs at all, or null. */
  readonly maxCtx: number | null;
  /** Within the budget by less than its margin. */
  readonly tight: boolean;
  /**
   * What decides, at the place of which it takes the largest part: what all would need where `auto` can't place all, else
   * what the placement of `nGpuLayers` does.
   */
  readonly neededBytes: number;
  readonly budgetBytes: number;
  /** Where that is: `CUDA0`, `memory` for all of a unified one, `host memory`. */
  readonly place: string;
  /** Layers that `auto` would take with `--load-mode none`, where a mapped file costs a Mac some; else null. */
  readonly unmappedGpuLayers: number | null;
  /** Buffers of the placement of `nGpuLayers`. */
  readonly prediction: MemoryPrediction;
  /** On a Mac that would hold all of it at a higher limit: which, how, and what it leaves. */
  readonly raisedLimit: RaisedMetalLimit | null;
  /** Why the host computes attention for layers on a device, in words; null where it doesn't. */
  readonly hostAttention: string | null;
  /** One line for people. */
  readonly why: string;
}

export interface BoundOptions extends TrialOptions {
  /**
   * `exact` lays out every layer; `sampled` is ten times as fast, and with layers on the host one compute buffer in
   * a hundred is off by more than 2%.
   */
  readonly detail?: "exact" | "sampled";
}

export function boundVerdict(
  model: MemoryModel,
  settings: FitSettings,
  budget: MemoryBudget,
  options: BoundOptions,
): BoundVerdict {
  const { detail = "exact" } = options;
  const trial = new FitTrial(model, settings, budget, options);
  const all = trial.mostGpuLayers;
  const { fit, placed, full, decisive } = decided(trial, settings, detail);
  const room = (nCtx: number, graphs: GraphDetail) =>
    fit === "full" ? roomOf(trial.at(all, graphs, nCtx).tightest) : trial.roomAt(nCtx, graphs);
  const unmapped =
    fit === "partial" && settings.gpuLayers === "auto"
      ? unmappedGpuLayers(model, settings, budget, placed.gpuLayers, options)
      : null;
  const fitsAlone =
    fit === "none" && budget.devices.length > 0 && hostHolds(model, settings, budget, options);
  const attention = hostAttention(placed.prediction, settings, model.shape);
  return {
    fit,
    nLayers: model.placedLayers,
    nGpuLayers: placed.gpuLayers,
    placementFits: placed.fits,
    fitsWithoutDevices: fitsAlone,
    maxCtx: largestContext(
      { trained: model.shape.n_ctx_train, asked: settings.nCtx },
      (nCtx) => room(nCtx, "rough"),
      (nCtx) => room(nCtx, detail === "exact" ? "exact" : "rough") >= 0,
    ),
    tight: placed.fits && !placed.roomy,
    neededBytes: decisive.fullest.neededBytes,
    budgetBytes: decisive.fullest.budgetBytes,
    place: decisive.fullest.place,
    unmappedGpuLayers: unmapped,
    prediction: placed.prediction,
    raisedLimit: fit === "full" ? null : raisedLimit(full.prediction, budget),
    hostAttention: attention,
    why: [
      why(fit, placed, full, unmapped),
      ...(fitsAlone ? ["without the GPU it fits: --device cpu"] : []),
      ...(attention === null ? [] : [attention]),
    ].join("; "),
  };
}

/** Of a verdict, what the other bound is told of: no context is searched for, and nothing is said in words. */
export function boundFit(
  model: MemoryModel,
  settings: FitSettings,
  budget: MemoryBudget,
  options: BoundOptions,
): Pick<BoundVerdict, "fit" | "neededBytes"> {
  const trial = new FitTrial(model, settings, budget, options);
  const { fit, decisive } = decided(trial, settings, options.detail ?? "exact");
  return { fit, neededBytes: decisive.fullest.neededBytes };
}

interface Decided {
  readonly fit: CertainFit;
  readonly placed: Placed;
  /** With all layers on devices. */
  readonly full: Placed;
  /** The one of them that a verdict's bytes are of. */
  readonly decisive: Placed;
}

function decided(trial: FitTrial, { gpuLayers: asked }: FitSettings, detail: GraphDetail): Decided {
  const all = trial.mostGpuLayers;
  const best = trial.best(detail);
  const placed =
    asked === "auto" ? (best ?? trial.at(0, detail)) : trial.at(layersOf(asked, all), detail);
  const fit = fitOf(placed.fits ? placed : best, all);
  const full = placed.gpuLayers === all ? placed : trial.at(all, detail);
  const decisive = asked === "auto" && fit === "partial" && !full.fits ? full : placed;
  return { fit, placed, full, decisive };
}

function layersOf(asked: number | "max", all: number): number {
  return asked === "max" ? all : Math.min(asked, all);
}

function fitOf(placed: Placed | null, all: number): CertainFit {
  if (placed === null) return "none";
  const whole = placed.gpuLayers === all && placed.prediction.host.namedBytes === 0;
  return whole ? "full" : "partial";
}

/** As with `--device cpu`. */
function hostHolds(
  model: MemoryModel,
  settings: FitSettings,
  budget: MemoryBudget,
  options: BoundOptions,
): boolean {
  const alone = withoutDevices(budget);
  return new FitTrial(model, settings, alone, options).best(options.detail ?? "exact") !== null;
}

/**
 * Metal maps the span of the file from the first layer's weights on a device to the last; llama-quantize puts the output
 * layer first and the last layers last, so that some layers on the device map the whole file.
 */
function unmappedGpuLayers(
  model: MemoryModel,
  settings: FitSettings,
  budget: MemoryBudget,
  mappedLayers: number,
  options: BoundOptions,
): number | null {
  if (budget.metalWorkingSetBytes === null || !mapsFile(settings.loadMode)) return null;
  const trial = new FitTrial(model, { ...settings, loadMode: "none" }, budget, options);
  const layers = trial.best(options.detail ?? "exact")?.gpuLayers ?? 0;
  return layers > mappedLayers ? layers : null;
}

/** Where the limit is what stands in the way, and not the memory. */
function raisedLimit(
  { deviceBytes, host }: MemoryPrediction,
  { metalWorkingSetBytes, ramBytes, hostBytes, overridden }: MemoryBudget,
): RaisedMetalLimit | null {
  if (metalWorkingSetBytes === null || overridden || deviceBytes <= metalWorkingSetBytes)
    return null;
  return deviceBytes + host.residentBytes > hostBytes
    ? null
    : raisedMetalLimit(deviceBytes, ramBytes);
}

function why(fit: CertainFit, placed: Placed, full: Placed, unmapped: number | null): string {
  if (!placed.fits && fit !== "none") {
    return `${placed.gpuLayers} layers need ${sizes(placed)}, more than there is`;
  }
  switch (fit) {
    case "full":
      return `all of it fits: ${sizes(placed)}`;
    case "partial": {
      const layers = `${placed.gpuLayers}/${full.gpuLayers} layers on the device`;
      const { namedBytes } = placed.prediction.host;
      const less = namedBytes === 0 ? "" : `, ${formatBytes(namedBytes)} of them in host memory`;
      const more = unmapped === null ? "" : `, ${unmapped} with --load-mode none`;
      return `${layers}${less}${more}${full.fits ? "" : `; all would need ${sizes(full)}`}`;
    }
    case "none":
      return `needs ${sizes(placed)}`;
    default:
      return fit satisfies never;
  }
}

function hostAttention(
  { attendsOnHost }: MemoryPrediction,
  { typeK, typeV }: FitSettings,
  { head_size }: MemoryModel["shape"],
): string | null {
  return attendsOnHost
    ? `the host attends, slowly: the device has no flash attention for K ${typeK}, V ${typeV} and heads of ${head_size}`
    : null;
}

function sizes({ fullest: { place, neededBytes, budgetBytes } }: Placed): string {
  return `${formatBytes(neededBytes)} of ${formatBytes(budgetBytes)} on ${place}`;
}
