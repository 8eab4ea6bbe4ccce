/** What is known of a case before it runs, and what the engine adds once the model is open. */
import { formatBytes } from "../base/bytes.ts";
import { otherSettingsOf } from "../bench/otherSettings.ts";
import type {
  CaseFacts,
  FitFacts,
  MemoryFacts,
  ModelFacts,
  SettingFacts,
} from "../bench/record.ts";
import { settingNames } from "../bench/settings.ts";
import { tensorOverridesText } from "../bench/tensorOverrides.ts";
import { warning, type Warning } from "../bench/warnings.ts";
import type { PageCache } from "../bench/weights.ts";
import type { TrainingNeed } from "../fit/trainingNeed.ts";
import type { EngineTraits, OpenedModel } from "../engines/engine.ts";
import type { RaisedMetalLimit } from "../machine/metalLimit.ts";
import type { CaseMemory } from "../plan/caseMemory.ts";
import { predictedSpeed } from "../plan/caseSpeed.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { heededSettings } from "../plan/machineCases.ts";
import { parametersKnown } from "../plan/plannedModel.ts";
import type { Variant } from "../plan/variant.ts";
import { machineFacts, toldDevices } from "./machineFacts.ts";
import type { RunContext } from "./runContext.ts";
import { llamaBenchCommandOf } from "./llamaBenchCommand.ts";

/** All that is known without running the case. */
export function plannedFacts(one: BenchCase, context: RunContext): CaseFacts {
  const { engine, traits } = context;
  const { workload } = one.settings;
  const machine = machineFacts(one, context);
  const predicted = one.speed === null ? null : predictedSpeed(workload, one.speed);
  const devices = toldDevices(one.settings.placement.devices, engine);
  return {
    id: one.id,
    runId: context.runId,
    machine,
    engine: {
      name: engine.engine,
      version: engine.engine_version,
      commit: engine.build_commit,
      backend: engine.backend,
    },
    model: modelFacts(one.variant, context),
    settings: settingFacts(one, devices, traits),
    workload,
    fit: one.training === null ? fitFacts(one.memory) : trainingFit(one.training),
    memory: memoryFacts(one),
    buffers: [],
    predictedTs: predicted?.centre ?? null,
    predictedLowTs: predicted?.low ?? null,
    predictedHighTs: predicted?.high ?? null,
    predictedBasis: predicted?.basis ?? null,
    shareOfRoof: null,
    seed: context.seed,
    warnings: one.training?.tight === true ? [warning("tight")] : memoryWarnings(one.memory),
    testTime: null,
    source: null,
    outputError: null,
    llamaBench: traits.asLlamaBench
      ? llamaBenchCommandOf(one, context.repetitions, { ...machine, devices })
      : null,
  };
}

function modelFacts({ model, quantization, weights }: Variant, { sha256 }: RunContext): ModelFacts {
  return {
    id: model.id,
    type: null,
    file: weights.files[0] ?? null,
    sha256: weights.opened === null ? null : (sha256.get(weights.opened) ?? null),
    bytes: weights.tensorBytes,
    parameters: parametersKnown(model),
    quantization,
    weights: weights.content,
    headerOf: weights.headerOf,
    pageCache: null,
    nLayers: model.shape?.n_layers ?? null,
  };
}

/** What the engine doesn't take, or the workload doesn't heed, no row names; what is kept among the others has its usual value then, and isn't told. */
function settingFacts(
  one: BenchCase,
  devices: string | null,
  { takes }: EngineTraits,
): SettingFacts {
  const facts = { ...requestedFacts(one), devices };
  const heeded = heededSettings(one.settings);
  // The usual value of what stands among the others isn't told anyway.
  const untaken = settingNames.filter(
    (name) => name in facts && !(takes.includes(name) && (heeded?.includes(name) ?? true)),
  );
  return { ...facts, ...Object.fromEntries(untaken.map((name) => [name, null])) };
}

function requestedFacts({ settings, memory }: BenchCase): Omit<SettingFacts, "devices"> {
  const { placement, context } = settings;
  return {
    gpuLayers: memory?.fit.nGpuLayers ?? null,
    splitMode: placement.splitMode,
    mainGpu: placement.mainGpu,
    tensorSplit: placement.tensorSplit.map((share) => share.toFixed(2)).join("/") || "0.00",
    tensorOverrides:
      placement.tensorOverrides.length === 0
        ? null
        : tensorOverridesText(placement.tensorOverrides),
    nCpuMoe: placement.nCpuMoe,
    noKvOffload: context.noKvOffload,
    loadMode: null,
    nThreads: context.nThreads,
    nBatch: context.nBatch,
    nUbatch: context.nUbatch,
    nCtx: null,
    typeK: context.typeK,
    typeV: context.typeV,
    flashAttn: null,
    others: otherSettingsOf(settings),
  };
}

function fitFacts(memory: CaseMemory | null): FitFacts {
  return {
    atCase: memory?.fit.fit ?? null,
    useCtx: memory?.useCtx ?? null,
    atUse: memory?.atUse.fit ?? null,
    maxCtx: memory?.atUse.maxCtx ?? null,
    memoryBasis: memory?.fit.memoryBasis ?? null,
  };
}

/** Activations are an estimate, and nobody asks at which context a model is trained. */
function trainingFit({ fit }: TrainingNeed): FitFacts {
  return { atCase: fit, useCtx: null, atUse: null, maxCtx: null, memoryBasis: "estimate" };
}

function memoryFacts({ variant, memory, training }: BenchCase): MemoryFacts {
  if (training !== null) return trainingMemory(training);
  const prediction = memory?.fit.prediction;
  return {
    weightsBytes: variant.weights.tensorBytes,
    kvBytes: prediction?.kvBytes ?? null,
    stateBytes: prediction?.stateBytes ?? null,
    computeBytes: prediction?.computeBytes ?? null,
    devicePredicted: prediction?.deviceBytes ?? null,
    deviceMeasured: null,
    hostPredicted: prediction?.hostBytes ?? null,
    hostMeasured: null,
  };
}

/** All that a step takes beside the weights counts as computing. */
function trainingMemory(need: TrainingNeed): MemoryFacts {
  const { weightsBytes, totalBytes, onDevice } = need;
  return {
    weightsBytes,
    kvBytes: null,
    stateBytes: null,
    computeBytes: totalBytes - weightsBytes,
    devicePredicted: onDevice ? totalBytes : null,
    deviceMeasured: null,
    hostPredicted: onDevice ? null : totalBytes,
    hostMeasured: null,
  };
}

function memoryWarnings(memory: CaseMemory | null): Warning[] {
  if (memory === null) return [];
  const { tight, raisedLimit } = memory.fit;
  return [
    ...(tight ? [warning("tight")] : []),
    ...(raisedLimit === null ? [] : [warning("metal_limit", describeRaisedLimit(raisedLimit))]),
  ];
}

function describeRaisedLimit({ command, leavesBytes }: RaisedMetalLimit): string {
  return `${command} leaves ${formatBytes(leavesBytes)} for macOS`;
}

/** What the engine made of the placement, and how the file was found. */
export function openedFacts(
  facts: CaseFacts,
  opened: OpenedModel,
  pageCache: PageCache | null,
): CaseFacts {
  return {
    ...facts,
    model: {
      ...facts.model,
      type: opened.modelType,
      bytes: opened.modelBytes ?? facts.model.bytes,
      parameters: opened.modelParameters ?? facts.model.parameters,
      quantization: facts.model.quantization ?? opened.quantization,
      nLayers: opened.nLayers ?? facts.model.nLayers,
      pageCache,
    },
    settings: { ...facts.settings, gpuLayers: opened.gpuLayers, loadMode: opened.loadMode },
    memory: { ...facts.memory, weightsBytes: opened.modelBytes ?? facts.memory.weightsBytes },
  };
}

/** Backends round differently, and quantize activations in their own ways: up to 2e-3 was seen where all is right. */
const largestOutputError = 1e-2;

/** Whether the device computes what the CPU does, where the model has layers on it. */
export function withOutputError<Case extends CaseFacts>(facts: Case, error: number | null): Case {
  if (error === null || (facts.settings.gpuLayers ?? 0) === 0) return facts;
  const wrong = error > largestOutputError;
  return {
    ...facts,
    outputError: error,
    warnings: wrong
      ? [...facts.warnings, warning("output_differs_from_cpu", error.toPrecision(2))]
      : facts.warnings,
  };
}
