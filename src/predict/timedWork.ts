/** A measured case as work and seconds. Cases of which too little is known say nothing. */
import { isSpeed } from "../bench/metrics.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";
import { isKnown, type GenerateWorkload, type PromptWorkload } from "../bench/workload.ts";
import {
  approximateOutput,
  approximateWeightsRead,
  hostBytesRead,
  kvRead,
  meanCellsRead,
  type DecodeWork,
} from "./decodeWork.ts";
import { batchTokens, prefillWork, type PrefillWork } from "./prefillWork.ts";
import { shapeOfModel } from "./shapeOfModel.ts";

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

/** Null for other workloads than token generation, and for cases of which too little is known. */
export function timedDecode(record: CaseRecord): Timed<DecodeWork> | null {
  const { workload } = record;
  return isMeasured(record) && workload.kind === "generate" ? decodeOf(record, workload) : null;
}

/** Null for other workloads than prompts, for unknown shapes, and with layers on the host. */
export function timedPrefill(record: CaseRecord): Timed<PrefillWork> | null {
  const { workload } = record;
  return isMeasured(record) && workload.kind === "prompt" ? prefillOf(record, workload) : null;
}

function decodeOf(
  record: MeasuredRecord,
  { generated: nGen, depth: nDepth, parallel }: GenerateWorkload,
): Timed<DecodeWork> | null {
  const { model, settings, memory } = record;
  const { nLayers } = model;
  const { gpuLayers, typeK, typeV, nUbatch } = settings;
  const shape = shapeOfModel(model.id);
  const weights = weightsOf(record);
  const speed = speedOf(record);
  // Sequences that are computed together read the weights once for all of them.
  if (speed === null || weights === null || nLayers === null || parallel > 1) return null;
  const onCpu = record.engine.backend === "cpu";
  if ((gpuLayers === null && !onCpu) || sharesLayers(record)) return null;
  const kvBytesRead = shape
    ? kvRead(shape, {
        typeK: typeK ?? "f16",
        typeV: typeV ?? "f16",
        nGen,
        nDepth,
        nUbatch: nUbatch ?? defaultUbatch,
      })
    : ((memory.kvBytes ?? 0) / (settings.nCtx ?? 1)) * meanCellsRead(nGen, nDepth);
  const work: DecodeWork = {
    nLayers,
    weightsBytesRead: weights,
    kvBytesRead,
    flashAttention: settings.flashAttn === true,
  };
  const output =
    shape && memory.weightsBytes !== null ? approximateOutput(shape, memory.weightsBytes) : 0;
  const hostBytes = onCpu ? 0 : hostBytesRead(work, gpuLayers ?? 0, output);
  return { work: { ...work, hostBytes }, seconds: 1 / speed, part: partOf(record) };
}

function prefillOf(
  record: MeasuredRecord,
  { prompt: nPrompt, depth: nDepth, parallel }: PromptWorkload,
): Timed<PrefillWork> | null {
  const { model, settings } = record;
  const { nLayers, quantization } = model;
  const shape = shapeOfModel(model.id);
  const sizes = {
    nPrompt,
    nDepth,
    nBatch: settings.nBatch ?? defaultBatch,
    nUbatch: settings.nUbatch ?? defaultUbatch,
  };
  const weights = weightsOf(record, batchTokens(sizes));
  const speed = speedOf(record);
  if (speed === null || weights === null || nLayers === null || parallel > 1) return null;
  if (shape === undefined || quantization === null || sharesLayers(record)) return null;
  if (record.engine.backend !== "cpu" && (settings.gpuLayers ?? 0) <= nLayers) return null;
  const work = {
    ...prefillWork(shape, quantization, weights, sizes),
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

function weightsOf({ memory, model }: CaseRecord, tokens = 1): number | null {
  return memory.weightsBytes === null ? null : memory.weightsBytes * shareRead(model.id, tokens);
}

/** Of a hundred thousand cases each asks again, and to count parameters lays out all tensors. */
const shares = new Map<string, number>();

/** Of a file's bytes, what so many tokens together read. */
function shareRead(model: string, tokens: number): number {
  const key = `${model} ${tokens}`;
  const known = shares.get(key);
  if (known !== undefined) return known;
  const shape = shapeOfModel(model);
  const share = shape === undefined ? 1 : approximateWeightsRead(shape, 1, tokens);
  shares.set(key, share);
  return share;
}

export function partOf({ model }: CaseRecord): string {
  return `${model.id} ${model.quantization ?? ""}`;
}

/** Whether it tells how fast its machine is. */
export function saysSpeed(record: CaseRecord): boolean {
  return timedDecode(record) !== null || timedPrefill(record) !== null;
}
