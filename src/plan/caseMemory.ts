/** Whether a case fits this machine, and how many layers it places on the device. */
import type { Engine } from "../engines/engine.ts";
import { fileMemoryModel } from "../fit/fileMemoryModel.ts";
import { hostTraits, type HostTraits } from "../fit/hostTraits.ts";
import { judgeAsking } from "../fit/judgeAsking.ts";
import { judgeFit, surelyRuns, type FitVerdict } from "../fit/judgeFit.ts";
import { shapeMemoryModel, type MemoryModel } from "../fit/memoryModel.ts";
import { computeQuestions } from "../fit/computeQuestions.ts";
import { caseFitSettings, type FitSettings } from "../fit/memorySettings.ts";
import { usualUseCtx } from "../fit/useContext.ts";
import { hasDeviceMemory, withHostBytes, type MemoryBudget } from "../machine/memoryBudget.ts";
import type { ResolvedModel } from "../models/resolveModel.ts";
import type { CaseSettings, DeviceList, GpuLayers } from "../bench/settings.ts";
import type { WeightsSource } from "./weightsSource.ts";

export interface CaseMemory {
  /** At the case's own context: decides whether it runs. */
  readonly fit: FitVerdict;
  /** At the context that people use: what verdicts speak of. */
  readonly atUse: FitVerdict;
  readonly useCtx: number;
  /** What the case would place on the device, had the machine RAM for the rest; on unified memory, for all. */
  readonly layersWithEnoughRam: number;
}

/** -1 asks llama.cpp for all layers. */
const allLayers = -1;

/** Null where its header tells no layers. */
export function variantMemory(model: ResolvedModel, source: WeightsSource): MemoryModel | null {
  if (model.kind === "file") return fileMemoryModel(model.gguf, model.shape);
  if (source.kind === "real") return fileMemoryModel(source.gguf, model.shape);
  return shapeMemoryModel(model.shape, source.plan.tensors);
}

/** The machine that judges, and the engine, which may tell what a file takes there. */
export interface MemoryContext {
  readonly budget: MemoryBudget;
  /** The same with other devices than those that it has by itself. */
  readonly budgetWith: (devices: DeviceList) => MemoryBudget;
  /** `--ctx`. */
  readonly useCtx: number | null;
  readonly engine: Engine;
}

export async function caseMemory(
  model: MemoryModel | null,
  source: WeightsSource,
  settings: CaseSettings,
  { budget: ofMachine, budgetWith, useCtx, engine }: MemoryContext,
): Promise<CaseMemory | null> {
  if (model === null) return null;
  const { devices } = settings.placement;
  const budget = devices === "auto" ? ofMachine : budgetWith(devices);
  const host = hostTraits(engine.facts.system_info);
  const judge = async (of: FitSettings) =>
    model.known || source.kind !== "real"
      ? judgeFit(model, of, budget, { host })
      : judgeAsking(model, of, budget, { host }, computeQuestions(engine, source.path, of));
  const own = caseFitSettings(settings);
  const ctx = useCtx ?? usualUseCtx(model.shape);
  const fit = await judge(own);
  return {
    fit,
    layersWithEnoughRam: surelyRuns(fit) ? fit.nGpuLayers : withEnoughRam(model, own, budget, host),
    atUse: await judge({ ...own, nCtx: ctx, gpuLayers: "auto" }),
    useCtx: ctx,
  };
}

function withEnoughRam(
  model: MemoryModel,
  settings: FitSettings,
  budget: MemoryBudget,
  host: HostTraits,
): number {
  if (!hasDeviceMemory(budget)) return model.placedLayers + 1;
  return judgeFit(model, settings, withHostBytes(budget, Infinity), { host }).nGpuLayers;
}

/** `auto` takes what fits; of a model whose memory can't be predicted, and for `max`, all are tried. */
export function layersToAsk(asked: GpuLayers, memory: CaseMemory | null): number {
  if (typeof asked === "number") return asked;
  return asked === "auto" && memory !== null ? memory.fit.nGpuLayers : allLayers;
}

/** What runs neither way is not tried, unless the user insists; nor what may, by an estimate. */
export function isTried(
  { memory }: { readonly memory: CaseMemory | null },
  { force }: { readonly force: boolean },
): boolean {
  return force || memory === null || surelyRuns(memory.fit);
}
