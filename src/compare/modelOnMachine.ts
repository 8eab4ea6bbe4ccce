/** What a machine does with a model: whether its GPU holds it, what it needs, how fast it generates. */
import { groupBy } from "../base/groupBy.ts";
import type { CaseRecord, MeasuredRecord } from "../bench/record.ts";
import { contextTokens, isOfMachine } from "../bench/workload.ts";
import { buffersAt, hasSizedCache } from "./caseBytes.ts";
import type { Machine } from "./machines.ts";
import { modelName, shapeName, type NamedModel } from "./modelNames.ts";
import { bestProcessed, processorsOf } from "./processors.ts";
import { fitsWholly, isRefused } from "./refusals.ts";
import { isGeneration, isPrompt } from "./workloads.ts";

/**
 * `yes` wholly, at the use context; `small_context`: not there, though at a measured one; `no`; `no_gpu`: the machine has
 * none.
 */
export type HeldOnGpu = "yes" | "small_context" | "no" | "no_gpu";

/** One model and quantization on one machine. */
export interface ModelOnMachine {
  readonly machine: Machine;
  readonly model: NamedModel;
  /** `llama-3-70b q4_k_m`. */
  readonly name: string;
  /** A name that every model of this shape has (modelNames.ts). */
  readonly shape: string;
  /** Null where the cases don't tell. */
  readonly onGpu: HeldOnGpu | null;
  /** Weights, KV cache at the use context and compute buffers; null where the cases don't tell. */
  readonly neededBytes: number | null;
  readonly weightsBytes: number | null;
  readonly bitsPerWeight: number | null;
  /** Tokens of the use context, else those of the measured case; null where neither is known. */
  readonly contextTokens: number | null;
  /** Largest context that fits on the GPU; where the cases don't tell, the largest that ran there. */
  readonly maxContextTokens: number | null;
  /** Token generation as measured in the best place that any was: on the GPU before the CPU. */
  readonly generations: readonly MeasuredRecord[];
  /** Prompts as measured in the best place that any was. */
  readonly prompts: readonly MeasuredRecord[];
}

/** All cases of the model and quantization on its machine. */
export function casesOf({
  machine,
  model,
}: Pick<ModelOnMachine, "machine" | "model">): CaseRecord[] {
  return machine.cases.filter(
    (record) => record.model.id === model.id && record.model.quantization === model.quantization,
  );
}

/** Smallest first. */
export function modelsOn(machine: Machine): ModelOnMachine[] {
  const groups = groupBy(
    machine.cases.filter(({ workload }) => !isOfMachine(workload)),
    ({ model: { id, quantization } }) => `${id}\n${quantization ?? ""}`,
  );
  return [...groups.values()]
    .flatMap((cases) => modelOn(machine, cases))
    .toSorted((a, b) => (a.weightsBytes ?? 0) - (b.weightsBytes ?? 0));
}

function modelOn(machine: Machine, cases: readonly CaseRecord[]): ModelOnMachine[] {
  const [first] = cases;
  if (first === undefined) return [];
  const { model } = first;
  const weightsBytes =
    firstTold(cases, ({ memory }) => memory.weightsBytes) ??
    firstTold(cases, (record) => record.model.bytes);
  const parameters = firstTold(cases, (record) => record.model.parameters);
  return [
    {
      machine,
      model,
      name: modelName(model),
      shape: shapeName(model),
      onGpu: heldOnGpu(machine, cases),
      ...neededAt(cases, weightsBytes),
      weightsBytes,
      bitsPerWeight:
        weightsBytes === null || parameters === null ? null : (weightsBytes * 8) / parameters,
      maxContextTokens: firstTold(cases, ({ fit }) => fit.maxCtx) ?? longestOnGpu(cases),
      generations: bestProcessed(cases.filter(isGeneration)),
      prompts: bestProcessed(cases.filter(isPrompt)),
    },
  ];
}

function firstTold<Value>(
  cases: readonly CaseRecord[],
  of: (record: CaseRecord) => Value | null,
): Value | null {
  for (const record of cases) {
    const value = of(record);
    if (value !== null) return value;
  }
  return null;
}

function heldOnGpu(machine: Machine, cases: readonly CaseRecord[]): HeldOnGpu | null {
  if (machine.backend === "cpu") return "no_gpu";
  const ranOnGpu = cases.some((record) => processorsOf(record) === "gpu");
  const atUse = firstTold(cases, ({ fit }) => fitsWholly(fit.atUse));
  if (atUse === true) return "yes";
  if (atUse === false) return ranOnGpu ? "small_context" : "no";
  if (ranOnGpu) return cases.some(isRefusedInUse) ? "small_context" : "yes";
  return cases.some((record) => isRefused(record) || record.fit.atCase === "partial") ? "no" : null;
}

/** Whether it was refused at no longer a context than that of use. */
function isRefusedInUse({ status, workload, fit }: CaseRecord): boolean {
  return status === "does_not_fit" && contextTokens(workload) <= (fit.useCtx ?? Infinity);
}

function longestOnGpu(cases: readonly CaseRecord[]): number | null {
  const ran = cases.filter((record) => processorsOf(record) === "gpu");
  return ran.length === 0 ? null : longestContext(ran);
}

/** Tokens that the longest of the cases has in its context at its end; 0 for none. */
function longestContext(cases: readonly CaseRecord[]): number {
  return cases.reduce((most, { workload }) => Math.max(most, contextTokens(workload)), 0);
}

function neededAt(
  cases: readonly CaseRecord[],
  weightsBytes: number | null,
): Pick<ModelOnMachine, "neededBytes" | "contextTokens"> {
  const sized = cases.find(hasSizedCache);
  const useCtx = firstTold(cases, ({ fit }) => fit.useCtx);
  if (weightsBytes === null) return { neededBytes: null, contextTokens: useCtx };
  if (sized === undefined) return { neededBytes: weightsBytes, contextTokens: null };
  const tokens = useCtx ?? sized.settings.nCtx;
  return { neededBytes: weightsBytes + buffersAt(sized, tokens ?? 0), contextTokens: tokens };
}

/** What the machine was measured doing with the model: writing, or where it wasn't, reading; empty for nothing. */
export function measuredWork({ generations, prompts }: ModelOnMachine): readonly MeasuredRecord[] {
  return generations.length > 0 ? generations : prompts;
}

const beyondGpu = {
  yes: false,
  small_context: true,
  no: true,
  // A machine without a GPU refuses nothing.
  no_gpu: false,
} as const satisfies Record<HeldOnGpu, boolean>;

/** Whether the GPU is known not to hold it at the context of use. */
export function isBeyondGpu({ onGpu }: ModelOnMachine): boolean {
  return onGpu !== null && beyondGpu[onGpu];
}

/** The same model and quantization of another machine; where it has none, that of a model of the same shape. */
export function counterpartOf(
  { name, shape }: ModelOnMachine,
  models: readonly ModelOnMachine[],
): ModelOnMachine | undefined {
  const same = models.find((other) => other.name === name);
  return same ?? models.find((other) => other.shape === shape);
}

/**
 * t/s of token generation, as near as it was measured to the context that `contextTokens` is; where that isn't known, the
 * fastest. 0 for none.
 */
export function generationSpeed(model: ModelOnMachine): number {
  return typicalGeneration(model)?.summary.mean ?? 0;
}

/** The one that this speed is of; null for none. */
export function typicalGeneration({
  generations,
  contextTokens: use,
}: ModelOnMachine): MeasuredRecord | null {
  const within = generations.filter(({ workload }) => contextTokens(workload) <= (use ?? 0));
  const tokens = longestContext(within);
  const nearest =
    within.length === 0
      ? generations
      : within.filter(({ workload }) => contextTokens(workload) === tokens);
  return nearest.reduce<MeasuredRecord | null>(
    (best, record) => (best === null || record.summary.mean > best.summary.mean ? record : best),
    null,
  );
}
