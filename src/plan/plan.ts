/** The plan of a run: every point of the matrix as a case with an id, in an order that loads each model once. */
import { digestOf } from "../base/digest.ts";
import { groupBy } from "../base/groupBy.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { Engine } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { refuseAbsent } from "../fit/absentPlaces.ts";
import { trainingNeed, type TrainingNeed } from "../fit/trainingNeed.ts";
import { requireTaken } from "../fit/requireTaken.ts";
import { splitRefusal } from "../fit/splitRefusal.ts";
import { decoderShape } from "../gguf/decoderShape.ts";
import { requireOutput } from "../gguf/modelOutput.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import type { ClusterMachine } from "../predict/clusterSpeed.ts";
import type { SpeedModels, SpeedPrediction } from "../predict/predictSpeed.ts";
import type { PlannedCase } from "../results/journalLines.ts";
import { mostLaunches, type LaunchCount } from "../bench/repetitions.ts";
import type { CaseSettings, DeviceList } from "../bench/settings.ts";
import { isOfMachine } from "../bench/workload.ts";
import { expandSettings } from "../suite/expand.ts";
import type { WeightsChoice } from "../suite/runFlags.ts";
import type { RunSettings } from "../suite/settings.ts";
import type { BenchCase, LoadGroup } from "./benchCase.ts";
import { caseMemory, layersToAsk, type CaseMemory } from "./caseMemory.ts";
import { caseSpeed } from "./caseSpeed.ts";
import { lentTo } from "./lentTo.ts";
import { namedHere } from "./namedHere.ts";
import { specFromAnywhere, type AskedModel, type PlannedModel } from "./plannedModel.ts";
import { machineCases } from "./machineCases.ts";
import { requestedOf } from "./requested.ts";
import { sharedSpeed } from "./sharedSpeed.ts";
import { noVariant, variantOf, type Variant, type WeightsContext } from "./variant.ts";

export interface PlanContext extends Omit<WeightsContext, "choice" | "ask"> {
  readonly engine: Engine;
  readonly defaultThreads: number;
  readonly budget: MemoryBudget;
  /** The same with other devices than those that the engine uses by itself. */
  readonly budgetWith: (devices: DeviceList) => MemoryBudget;
  /** This machine's, with so many threads of its CPU. */
  readonly speedWith: (nThreads: number) => SpeedModels;
  /** This one and those that lend devices; none where nobody lends any. */
  readonly machines?: readonly ClusterMachine[];
  /** `--ctx`. */
  readonly useCtx: number | null;
}

/** Digits of a case id: among 100,000 cases two alike have odds of one in 10^9. */
const idDigits = 16;

/**
 * @param models each at the quantizations that were asked for
 * @throws {LlmbenchError} for weights that can't be had, and for a split that llama.cpp refuses.
 */
export async function planCases(
  models: readonly AskedModel[],
  settings: RunSettings,
  context: PlanContext,
): Promise<readonly BenchCase[]> {
  const asked = await variants(models, settings.weights, context);
  const { facts } = context.engine;
  const points = expandSettings(settings, context.defaultThreads);
  const here = namedHere(facts);
  for (const { placement } of points) refuseAbsent(placement, here);
  const cases: BenchCase[] = [];
  // First: what models do is judged by what the machine can.
  for (const point of machineCases(points, facts))
    cases.push(await benchCase(noVariant, point, settings.launches, context));
  for (const variant of asked)
    for (const point of points.filter(({ workload }) => !isOfMachine(workload)))
      cases.push(await benchCase(variant, point, settings.launches, context));
  // A value that was given twice is one case.
  return [...new Map(cases.map((one) => [one.id, one])).values()];
}

async function variants(
  models: readonly AskedModel[],
  choice: WeightsChoice,
  context: PlanContext,
): Promise<Variant[]> {
  const weights = weightsContext(context, choice);
  const found: Variant[] = [];
  for (const { model, quantizations } of models)
    for (const quantization of quantizations)
      found.push(await takenVariant(model, quantization, weights, context));
  return found;
}

/** @throws {LlmbenchError} `input` for a file that the engine refuses. */
async function takenVariant(
  model: PlannedModel,
  quantization: Quantization | null,
  weights: WeightsContext,
  { engine }: PlanContext,
): Promise<Variant> {
  if (model.kind !== "file") return variantOf(model, quantization, weights);
  const variant = await variantOf(model, quantization, weights);
  await variant.weights.header?.((path) => requireTaken(engine, model.spec, path));
  return variant;
}

/** @throws {LlmbenchError} `engine` at the first question that an engine without an answer is asked. */
export function weightsContext(
  { engine, cacheDir, enginePackage }: PlanContext,
  choice: WeightsChoice,
): WeightsContext {
  const ask =
    engine.tensorTypes ??
    (async () => {
      const { engine: name } = engine.facts;
      throw new LlmbenchError("engine", `${name} doesn't tell the types of synthetic weights`);
    });
  return { choice, cacheDir, enginePackage, ask };
}

/** @throws LlmbenchError `input` for a model that doesn't compute what the case asks for. */
export async function benchCase(
  variant: Variant,
  settings: CaseSettings,
  launches: LaunchCount,
  context: PlanContext,
): Promise<BenchCase> {
  const { model } = variant;
  if (model.kind === "file") requireOutput(model.spec, model.gguf, settings);
  refuseSplit(variant, settings, context);
  const memory = await caseMemory(variant, settings, context);
  return {
    id: caseId(variant, settings, context.engine.facts),
    variant,
    settings,
    launches: mostLaunches(launches),
    memory,
    training: needOf(variant, settings, context),
    speed: speedOf(variant, settings, memory, context),
    gpuLayers: layersToAsk(settings.placement.gpuLayers, memory),
  };
}

function speedOf(
  variant: Variant,
  settings: CaseSettings,
  memory: CaseMemory | null,
  { engine, speedWith, machines = [], budget, budgetWith }: PlanContext,
): SpeedPrediction | null {
  if (lentTo({ variant, settings }, engine.facts).length === 0)
    return caseSpeed(variant, settings, memory, speedWith);
  const { devices } = settings.placement;
  const together = devices === "auto" ? budget : budgetWith(devices);
  return sharedSpeed(variant, settings, memory, together, machines);
}

function needOf(
  { model }: Variant,
  { workload }: CaseSettings,
  { budget, engine }: PlanContext,
): TrainingNeed | null {
  if (workload.kind !== "train" || model.shape === null) return null;
  // Nobody knows the devices of an engine that isn't here.
  if (engine.facts.missing !== undefined) return null;
  return trainingNeed(decoderShape(model.shape), workload, budget, engine.traits.steps ?? "eager");
}

/** @throws {LlmbenchError} `usage` for a split that llama.cpp refuses, or gives up over */
function refuseSplit(
  { model, memory }: Variant,
  { placement }: CaseSettings,
  { budget, budgetWith }: PlanContext,
): void {
  if (memory === null) return;
  const asked = placement.devices === "auto" ? budget : budgetWith(placement.devices);
  const refusal = splitRefusal(memory, placement, asked.devices.length);
  if (refusal !== null) throw new LlmbenchError("usage", `${model.spec}: ${refusal}`);
}

/** Digests what was asked for, of which bytes, from which build; nothing that changes from run to run. */
function caseId(variant: Variant, settings: CaseSettings, engine: EngineInfo): string {
  const requested = requestedOf(settings);
  return digestOf(
    {
      settings: requested,
      weights: variant.weights.identity,
      engine: [engine.engine, engine.engine_version, engine.build_commit, engine.backend],
    },
    idDigits,
  );
}

export function loadGroups(cases: readonly BenchCase[]): LoadGroup[] {
  const groups = groupBy(cases, ({ variant, settings, gpuLayers }) => {
    const { cpuMask, cpuStrict } = settings.context;
    // A mask stays with the process that it was set in (ggml_threadpool_new, ggml/src/ggml-cpu/ggml-cpu.c, v0.4.0).
    const threads = [cpuMask, cpuStrict];
    return digestOf(
      [variant.weights.identity, { ...settings.placement, gpuLayers }, threads],
      idDigits,
    );
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const placement = { ...first.settings.placement, gpuLayers: first.gpuLayers };
    return [{ variant: first.variant, placement, cases: group }];
  });
}

export function plannedCase({ id, variant, settings, launches }: BenchCase): PlannedCase {
  const { model } = variant;
  return {
    case_id: id,
    model_spec: model.kind === "none" ? null : specFromAnywhere(model),
    model: model.kind === "none" ? null : model.id,
    quantization: variant.quantization,
    weights: variant.weights.kind,
    weights_identity: variant.weights.identity,
    launches,
    settings: requestedOf(settings),
  };
}
