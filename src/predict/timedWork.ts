/** A measured case as work and seconds. Cases of which too little is known say nothing. */
import { isSpeed } from "../bench/metrics.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";
import { isKnown, type GenerateWorkload, type PromptWorkload } from "../bench/workload.ts";
import { decodeWorkOf, type DecodeWork } from "./decodeWork.ts";
import { modelOfRecord } from "./modelOfRecord.ts";
import { prefillWork, type PrefillWork } from "./prefillWork.ts";
import type { ReadModel } from "./readModel.ts";

export interface Timed<Work> {
  readonly work: Work;
  /** Per token of decode; of the whole prompt. */
  readonly seconds: number;
  /** Model and quantization: cases of one part are measured on the same weights. */
  readonly part: string;
}

/** Defaults of llama.cpp, where a case doesn't say (common/common.h, v0.4.0). */
const defaultBatch = 2048;
const defaultUbatch = 512;

/**
 * Caches of CPUs may hold weights below this, which then tell nothing of the memory: 200 MB, a server's L3 but for the
 * largest. The smallest real model at 4 bits weighs three times that.
 */
export const cacheableBytes = 200e6;

/**
 * Null for other workloads than token generation, and for cases of which too little is known.
 *
 * @param told the model, where more of it is known than a row tells
 */
export function timedDecode(record: CaseRecord, told?: ReadModel): Timed<DecodeWork> | null {
  const { workload } = record;
  return isMeasured(record) && workload.kind === "generate"
    ? decodeOf(record, workload, told)
    : null;
}

/** Null for other workloads than prompts, for unknown shapes, and with layers on the host. */
export function timedPrefill(record: CaseRecord, told?: ReadModel): Timed<PrefillWork> | null {
  const { workload } = record;
  return isMeasured(record) && workload.kind === "prompt"
    ? prefillOf(record, workload, told)
    : null;
}

function decodeOf(
  record: MeasuredRecord,
  { generated: nGen, depth: nDepth, parallel }: GenerateWorkload,
  told: ReadModel | undefined,
): Timed<DecodeWork> | null {
  const { settings } = record;
  const onCpu = record.engine.backend === "cpu";
  const speed = speedOf(record);
  // Sequences that are computed together read the weights once for all of them.
  if (speed === null || parallel > 1 || sharesLayers(record)) return null;
  if (settings.gpuLayers === null && !onCpu) return null;
  const model = told ?? modelOfRecord(record);
  if (model === null) return null;
  const question = {
    model,
    quantization: record.model.quantization,
    nGpuLayers: settings.gpuLayers ?? 0,
    nCpuMoe: settings.nCpuMoe ?? 0,
    flashAttention: settings.flashAttn === true,
    typeK: settings.typeK ?? "f16",
    typeV: settings.typeV ?? "f16",
    nUbatch: settings.nUbatch ?? defaultUbatch,
    nGen,
    nDepth,
  };
  return { work: decodeWorkOf(question, onCpu), seconds: 1 / speed, part: partOf(record) };
}

function prefillOf(
  record: MeasuredRecord,
  { prompt: nPrompt, depth: nDepth, parallel }: PromptWorkload,
  told: ReadModel | undefined,
): Timed<PrefillWork> | null {
  const { settings } = record;
  const { nLayers, quantization } = record.model;
  const model = told ?? modelOfRecord(record);
  const speed = speedOf(record);
  if (speed === null || model === null || nLayers === null || parallel > 1) return null;
  if (quantization === null || sharesLayers(record)) return null;
  const onCpu = record.engine.backend === "cpu";
  if (!onCpu && ((settings.gpuLayers ?? 0) <= nLayers || (settings.nCpuMoe ?? 0) > 0)) return null;
  const work = {
    ...prefillWork(model, quantization, {
      nPrompt,
      nDepth,
      nBatch: settings.nBatch ?? defaultBatch,
      nUbatch: settings.nUbatch ?? defaultUbatch,
    }),
    flashAttention: settings.flashAttn === true,
  };
  return { work, seconds: nPrompt / speed, part: partOf(record) };
}

/** Tokens per second; null where nothing was measured, or another figure. */
export function speedOf(record: CaseRecord): number | null {
  if (!isMeasured(record) || !isKnown(record.workload) || !isSpeed(record.workload)) return null;
  const { mean } = record.summary;
  return mean > 0 ? mean : null;
}

/** All cards work on each layer, and the bus between them is what counts: by rows llama.cpp's default until January 2024. */
function sharesLayers({ machine, settings }: CaseRecord): boolean {
  if (settings.splitMode === "tensor") return true;
  return (machine.nDevices ?? 1) > 1 && settings.splitMode !== "layer";
}

export function partOf({ model }: CaseRecord): string {
  return `${model.id} ${model.quantization ?? ""}`;
}

/** Whether it tells how fast its machine is. */
export function saysSpeed(record: CaseRecord): boolean {
  return timedDecode(record) !== null || timedPrefill(record) !== null;
}
