/** The plan of a run: every point of the matrix as a case with an id, in an order that loads each model once. */
import { resolve } from "node:path";
import { digestOf } from "../base/digest.ts";
import { groupBy } from "../base/groupBy.ts";
import type { MemoryModel } from "../fit/memoryModel.ts";
import { MemoryQuestions } from "../fit/memoryQuestions.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import type { EngineInfo } from "../llamacpp/engineInfo.ts";
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import { modelQuantizations } from "../models/modelQuantizations.ts";
import type { ResolvedModel } from "../models/resolveModel.ts";
import { resolveForWeights } from "../models/resolveRemoteModel.ts";
import type { SpeedModels, SpeedPrediction } from "../predict/predictSpeed.ts";
import type { PlannedCase } from "../results/journalLines.ts";
import type { CaseSettings } from "../suite/caseSettings.ts";
import { expandSettings } from "../suite/expand.ts";
import type { RunSettings } from "../suite/settings.ts";
import { caseMemory, layersToAsk, variantMemory, type CaseMemory } from "./caseMemory.ts";
import { caseSpeed } from "./caseSpeed.ts";
import { weightsSource, type WeightsContext, type WeightsSource } from "./weightsSource.ts";

/** A model at one quantization, and the bytes that it is measured on. */
export interface Variant {
  readonly model: ResolvedModel;
  readonly quantization: Quantization | null;
  readonly source: WeightsSource;
  readonly memory: MemoryModel | null;
}

export interface BenchCase {
  readonly id: string;
  readonly variant: Variant;
  readonly settings: CaseSettings;
  readonly launches: number;
  /** Null where the memory of the model's architecture can't be predicted. */
  readonly memory: CaseMemory | null;
  /** Null where nothing tells how fast this machine is. */
  readonly speed: SpeedPrediction | null;
  /** What is asked of the engine: -1 is all. */
  readonly gpuLayers: number;
}

/** Cases that share a loaded model: one child process measures them, one after the other. */
export interface LoadGroup {
  readonly variant: Variant;
  readonly placement: CaseSettings["placement"] & { readonly gpuLayers: number };
  readonly cases: readonly BenchCase[];
}

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
  await using questions = memoryQuestions(context);
  for (const variant of await variants(settings, context)) {
    for (const point of points) {
      cases.push(await benchCase(variant, point, settings.launches, { ...context, questions }));
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

export function memoryQuestions({ engine }: PlanContext): MemoryQuestions {
  return new MemoryQuestions(engine.backend, engine);
}

export async function benchCase(
  variant: Variant,
  settings: CaseSettings,
  launches: number,
  context: PlanContext & { readonly questions: MemoryQuestions },
): Promise<BenchCase> {
  const systemInfo = context.engine.system_info;
  const memory = await caseMemory(variant.memory, variant.source, settings, {
    ...context,
    systemInfo,
  });
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
      settings,
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
    settings: { ...settings },
  };
}

/** A path that was typed relative to one working directory, for a resume from another. */
function specFromAnywhere(model: ResolvedModel): string {
  if (model.kind === "file") return model.path;
  return model.kind === "catalogue" ? model.spec : resolve(model.spec);
}
