/** A measured row as work and seconds. Rows of which too little is known say nothing. */
import {
  approximateOutput,
  approximateWeightsRead,
  hostBytesRead,
  kvRead,
  meanCellsRead,
  type DecodeWork,
} from "./decodeWork.ts";
import { batchTokens, prefillWork, type PrefillWork } from "./prefillWork.ts";
import { shapeOfModel } from "./rowShape.ts";
import type { SpeedRow } from "./speedRow.ts";

export interface Timed<Work> {
  readonly work: Work;
  /** Per token of decode; of the whole prompt. */
  readonly seconds: number;
  /** Model and quantization: rows of one part are measured on the same weights. */
  readonly part: string;
}

/** Defaults of llama.cpp, where a row doesn't say (common/common.h, v0.4.0). */
const defaultBatch = 2048;
const defaultUbatch = 512;

/**
 * Caches of CPUs may hold weights below this, which then tell nothing of the memory: 200 MB, a server's L3 but for the
 * largest. The smallest real model at 4 bits weighs three times that.
 */
export const cacheableBytes = 200e6;

/** Null for rows of other tests than tg, and those of which too little is known. */
export function timedDecode(row: SpeedRow): Timed<DecodeWork> | null {
  const { n_prompt, n_gen, n_depth, n_layers, n_gpu_layers, avg_ts } = row;
  const shape = shapeOfModel(row.model);
  const weights = weightsOf(row);
  if (row.status !== "measured" || n_prompt > 0 || n_gen === 0) return null;
  if (avg_ts === null || avg_ts <= 0 || weights === null || n_layers === null) return null;
  const onCpu = row.backend === "cpu";
  if ((n_gpu_layers === null && !onCpu) || splitByRow(row)) return null;
  const typeK = row.type_k ?? "f16";
  const typeV = row.type_v ?? "f16";
  const nUbatch = row.n_ubatch ?? defaultUbatch;
  const kvBytesRead = shape
    ? kvRead(shape, { typeK, typeV, nGen: n_gen, nDepth: n_depth, nUbatch })
    : ((row.kv_bytes ?? 0) / (row.n_ctx ?? 1)) * meanCellsRead(n_gen, n_depth);
  const work: DecodeWork = {
    nLayers: n_layers,
    weightsBytesRead: weights,
    kvBytesRead,
    flashAttention: row.flash_attn === 1,
  };
  const output =
    shape && row.weights_bytes !== null ? approximateOutput(shape, row.weights_bytes) : 0;
  const hostBytes = onCpu ? 0 : hostBytesRead(work, n_gpu_layers ?? 0, output);
  return { work: { ...work, hostBytes }, seconds: 1 / avg_ts, part: partOf(row) };
}

/** Null for rows of other tests than pp, of unknown shapes, and with layers on the host. */
export function timedPrefill(row: SpeedRow): Timed<PrefillWork> | null {
  const { n_prompt, n_gen, n_depth, n_layers, n_gpu_layers, avg_ts, quantization } = row;
  const shape = shapeOfModel(row.model);
  const settings = {
    nPrompt: n_prompt,
    nDepth: n_depth,
    nBatch: row.n_batch ?? defaultBatch,
    nUbatch: row.n_ubatch ?? defaultUbatch,
  };
  const weights = weightsOf(row, batchTokens(settings));
  if (row.status !== "measured" || n_prompt === 0 || n_gen > 0) return null;
  if (avg_ts === null || avg_ts <= 0 || weights === null || n_layers === null) return null;
  if (shape === undefined || quantization === null || splitByRow(row)) return null;
  if (row.backend !== "cpu" && (n_gpu_layers ?? 0) <= n_layers) return null;
  const work = {
    ...prefillWork(shape, quantization, weights, settings),
    flashAttention: row.flash_attn === 1,
  };
  return { work, seconds: n_prompt / avg_ts, part: partOf(row) };
}

/** All cards work on each layer, and the bus between them is what counts: llama.cpp's default until January 2024. */
function splitByRow({ n_devices, split_mode }: SpeedRow): boolean {
  return (n_devices ?? 1) > 1 && split_mode !== "layer";
}

function weightsOf({ weights_bytes, model }: SpeedRow, tokens = 1): number | null {
  return weights_bytes === null ? null : weights_bytes * shareRead(model, tokens);
}

/** Of a hundred thousand rows each asks again, and to count parameters lays out all tensors. */
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

export function partOf({ model, quantization }: SpeedRow): string {
  return `${model} ${quantization ?? ""}`;
}

/** Whether it tells how fast its machine is. */
export function saysSpeed(row: SpeedRow): boolean {
  return timedDecode(row) !== null || timedPrefill(row) !== null;
}
