/** The plan of a run: every point of the matrix as a case with an id, in an order that loads each model once. */
import { resolve } from "node:path";
import { digestOf } from "../base/digest.ts";
import { groupBy } from "../base/groupBy.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import { modelQuantizations } from "../models/modelQuantizations.ts";
import type { ResolvedModel } from "../models/resolveModel.ts";
import { resolveForWeights } from "../models/resolveRemoteModel.ts";
import type { SpeedModels } from "../predict/predictSpeed.ts";
import type { PlannedCase } from "../results/journalLines.ts";
import type { CaseSettings } from "../bench/settings.ts";
import { expandSettings } from "../suite/expand.ts";
import type { RunSettings } from "../suite/settings.ts";
import type { BenchCase, LoadGroup, Variant } from "./benchCase.ts";
import { caseMemory, layersToAsk, variantMemory } from "./caseMemory.ts";
import { caseSpeed } from "./caseSpeed.ts";
import { requestedOf } from "./requested.ts";
import { weightsSource, type WeightsContext } from "./weightsSource.ts";

export interface PlanContext extends Omit<WeightsContext, "choice"> {
  readonly engine: EngineInfo;
  readonly defaultThreads: number;
  readonly budget: MemoryBudget;
  readonly speed: SpeedModels;
  /** `--ctx`. */
  readonly useCtx: number | null;
}

/** Digits of a case id: among 100,000 cases two alike have odds of one in 10^9. */
const idDigits = 16;

/** @throws {LlmbenchError} for a model, file or quantization that can't be had. */
export async function planCases(
  settings: RunSettings,
  context: PlanContext,
): Promise<readonly BenchCase[]> {
  const points = expandSettings(settings, context.defaultThreads);
  const cases: BenchCase[] = [];
  for (const variant of await variants(settings, context)) {
    for (const point of points) {
      cases.push(benchCase(variant, point, settings.launches, context));
    }
  }
  // A value that was given twice is one case.
  return [...new Map(cases.map((one) => [one.id, one])).values()];
}

async function variants(settings: RunSettings, context: PlanContext): Promise<Variant[]> {
  const found: Variant[] = [];
  for (const spec of settings.models) {
    const model = await resolveForWeights(spec, settings.weights, context.cacheDir);
    const remote = model.kind === "file" && model.remote !== null;
    // A remote file was chosen by its quantization, which is its own then.
    const quantizations = remote ? [model.quantization] : modelQuantizations(model, settings);
    for (const quantization of quantizations) {
      const source = await weightsSource(model, quantization, {
        ...context,
        choice: settings.weights,
      });
      found.push({ model, quantization, source, memory: variantMemory(model, source) });
    }
  }
  return found;
}

export function benchCase(
  variant: Variant,
  settings: CaseSettings,
  launches: number,
  context: PlanContext,
): BenchCase {
  const memory = caseMemory(
    variant.memory,
    settings,
    context.budget,
    context.useCtx,
    context.engine.system_info,
  );
  return {
    id: caseId(variant, settings, context.engine),
    variant,
    settings,
    launches,
    memory,
    speed: caseSpeed(variant, settings, memory, context.speed),
    gpuLayers: layersToAsk(settings.placement.gpuLayers, memory),
  };
}

/** Digests what was asked for, of which bytes, from which build; nothing that changes from run to run. */
function caseId(variant: Variant, settings: CaseSettings, engine: EngineInfo): string {
  return digestOf(
    {
      settings: requestedOf(settings),
      weights: variant.source.identity,
      engine: [engine.engine, engine.engine_version, engine.build_commit, engine.backend],
    },
    idDigits,
  );
}

export function loadGroups(cases: readonly BenchCase[]): LoadGroup[] {
  const groups = groupBy(cases, ({ variant, settings, gpuLayers }) =>
    digestOf([variant.source.identity, { ...settings.placement, gpuLayers }], idDigits),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const placement = { ...first.settings.placement, gpuLayers: first.gpuLayers };
    return [{ variant: first.variant, placement, cases: group }];
  });
}

export function plannedCase({ id, variant, settings, launches }: BenchCase): PlannedCase {
  return {
    case_id: id,
    model_spec: specFromAnywhere(variant.model),
    model: variant.model.id,
    quantization: variant.quantization,
    weights: variant.source.kind,
    weights_identity: variant.source.identity,
    launches,
    settings: requestedOf(settings),
  };
}

/** A path that was typed relative to one working directory, for a resume from another. */
function specFromAnywhere(model: ResolvedModel): string {
  if (model.kind === "file") return model.path;
  return model.kind === "catalogue" ? model.spec : resolve(model.spec);
}
