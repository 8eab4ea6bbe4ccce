/** Whether a case fits this machine, and how many layers it places on the device. */
import type { Engine } from "../engines/engine.ts";
import { hostTraits, type HostTraits } from "../fit/hostTraits.ts";
import { judgeAsking } from "../fit/judgeAsking.ts";
import { judgeFit, surelyRuns, type FitVerdict } from "../fit/judgeFit.ts";
import type { MemoryModel } from "../fit/memoryModel.ts";
import { computeQuestions } from "../fit/computeQuestions.ts";
import { caseFitSettings, type FitSettings } from "../fit/memorySettings.ts";
import type { TrainingNeed } from "../fit/trainingNeed.ts";
import { usualUseCtx } from "../fit/useContext.ts";
import { lenders, sharedLoadMode } from "../bench/lentDevices.ts";
import { hasDeviceMemory, withHostBytes, type MemoryBudget } from "../machine/memoryBudget.ts";
import type { CaseSettings, DeviceList, GpuLayers } from "../bench/settings.ts";
import type { Variant } from "./variant.ts";

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
  { memory: model, weights: { header } }: Pick<Variant, "memory" | "weights">,
  settings: CaseSettings,
  { budget: ofMachine, budgetWith, useCtx, engine }: MemoryContext,
): Promise<CaseMemory | null> {
  if (model === null) return null;
  const { devices } = settings.placement;
  const budget = devices === "auto" ? ofMachine : budgetWith(devices);
  const host = hostTraits(engine.facts.system_info);
  const judge = async (of: FitSettings) =>
    model.known || header === null
      ? judgeFit(model, of, budget, { host })
      : header((path) =>
          judgeAsking(model, of, budget, { host }, computeQuestions(engine, path, of)),
        );
  const asked = caseFitSettings(settings);
  const own =
    lenders(engine.facts, devices).length === 0
      ? asked
      : { ...asked, loadMode: sharedLoadMode(asked.loadMode) };
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
  {
    memory,
    training,
  }: { readonly memory: CaseMemory | null; readonly training: TrainingNeed | null },
  { force }: { readonly force: boolean },
): boolean {
  if (force) return true;
  if (training !== null) return training.fit === "full";
  return memory === null || surelyRuns(memory.fit);
}
