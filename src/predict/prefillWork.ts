/** What a prompt asks for: operations of matrices and of attention, and intermediate results that come and go. */
import { sumOf } from "../base/sumOf.ts";
import type { AttentionLayer, CellRule } from "../fit/caches/cachePlan.ts";
import { cellsRead, cellsSeen } from "./decodeWork.ts";
import { layerCosts, type Layers } from "./layerCosts.ts";
import { shareOfExperts, workOfModel, type ReadModel } from "./readModel.ts";
import type { ByType } from "./typeRates.ts";
import { weightsRead } from "./weightsRead.ts";
import { workByType } from "./workByType.ts";

export interface PrefillWork extends Layers {
  /** Tokens of the prompt. */
  readonly nPrompt: number;
  /** `q4_0`, `f16`: what the matrices are made of. */
  readonly quantization: string;
  readonly nUbatches: number;
  /** Multiplications and additions with the layers' weights. */
  readonly matrixOperations: number;
  /** Those with rows that only fill the blocks in which an expert's few tokens are multiplied. */
  readonly paddingOperations?: number;
  /** Those of queries with keys and of scores with values. */
  readonly attentionOperations: number;
  /** Of those, what no mask hides. */
  readonly unmaskedOperations?: number;
  /** Tokens × layers × width of the residual stream. */
  readonly activations: number;
  /** Of the layers, once. */
  readonly weightsBytes: number;
  /** Of those, what lies in host memory beside a GPU. */
  readonly hostBytes?: number;
  readonly flashAttention?: boolean;
  /** Of the matrices, where the types of all tensors are known. */
  readonly operationsByType?: ByType;
}

export interface PromptSettings {
  readonly nPrompt: number;
  readonly nDepth: number;
  readonly nBatch: number;
  readonly nUbatch: number;
}

/** llama.cpp attends over whole blocks of so many cells, and masks what lies ahead (get_n_kv, v0.4.0). */
const cellBlock = 256;

/**
 * An expert's tokens are multiplied in blocks whose rest is empty, and its weights are read for each: as if it had so
 * many tokens more. Read off mixtures with 10 to 128 tokens an expert, on Strix Halo and an RTX 5090, rows of 2026.
 */
const fillingRows = 32;

/** So few tokens are multiplied as vectors, one after the other (MMVQ_MAX_BATCH_SIZE, ggml/src/ggml-cuda/mmvq.cuh, v0.4.0). */
const vectorBatch = 8;

export function prefillWork(
  model: ReadModel,
  quantization: string,
  settings: PromptSettings,
): PrefillWork {
  const { nPrompt, nDepth, nBatch, nUbatch } = settings;
  const { layers, width } = workOfModel(model);
  const tokens = batchTokens(settings);
  let nUbatches = 0;
  for (let start = 0; start < nPrompt; nUbatches++)
    start = ubatchEnd(start, nPrompt, nBatch, nUbatch);
  const dense = sumOf(layers, ({ denseElements }) => denseElements);
  const experts = sumOf(layers, ({ expertElements }) => expertElements);
  const oneToken = shareOfExperts(model, 1);
  const share = shareOfExperts(model, tokens);
  const costs = layerCosts(model);
  const attention = (cellsOf: (rule: CellRule) => number) =>
    sumOf(model.caches.attention, ({ cells, layers: attending }) => {
      const own = attending.filter(({ layer }) => layer < layers.length);
      return cellsOf(cells) * sumOf(own, (layer) => operationsPerCell(model, layer));
    });
  return {
    nPrompt,
    quantization,
    nUbatches,
    nLayers: layers.length,
    width,
    layerCost: costs.all,
    // The output layer works for the last token alone.
    matrixOperations: 2 * (dense + experts * oneToken) * nPrompt,
    paddingOperations:
      model.parameters.experts === null || tokens <= vectorBatch
        ? 0
        : 2 * experts * share * fillingRows * nUbatches,
    attentionOperations: attention((cells) =>
      cellsRead(cells, nUbatch, (most) => readCells(settings, most)),
    ),
    unmaskedOperations: attention((cells) => nPrompt * cellsSeen(cells, nPrompt, nDepth)),
    activations: nPrompt * costs.activations * width,
    weightsBytes: weightsRead(model, tokens).ofLayers,
    ...operationsByType(model, nPrompt),
  };
}

function operationsByType(model: ReadModel, tokens: number): Pick<PrefillWork, "operationsByType"> {
  const work = workByType(model);
  if (work === null) return {};
  return {
    operationsByType: new Map([...work.operations].map(([type, each]) => [type, each * tokens])),
  };
}

/** Of one token's queries with one cell's keys, and of the score with its values. */
function operationsPerCell({ heads }: ReadModel, { key, value }: AttentionLayer): number {
  const kind = heads.find((one) => one.key > 0 && key % one.key === 0) ?? heads[0];
  if (kind === undefined) return 0;
  // Where V is read out of K, it is as wide.
  return 2 * kind.queriesPerKey * (key + (value || key));
}

/** Tokens that go through the layers together. */
export function batchTokens({ nPrompt, nBatch, nUbatch }: PromptSettings): number {
  return Math.max(1, Math.min(nPrompt, nBatch, nUbatch));
}

function ubatchEnd(start: number, nPrompt: number, nBatch: number, nUbatch: number): number {
  const batchEnd = Math.min(nPrompt, (Math.floor(start / nBatch) + 1) * nBatch);
  return Math.min(batchEnd, start + nUbatch);
}

/** Cells that all tokens of a prompt look over, of a cache that holds `most`. */
function readCells({ nPrompt, nDepth, nBatch, nUbatch }: PromptSettings, most: number): number {
  let cells = 0;
  for (let start = 0; start < nPrompt;) {
    const end = ubatchEnd(start, nPrompt, nBatch, nUbatch);
    cells += (end - start) * Math.min(most, Math.ceil((nDepth + end) / cellBlock) * cellBlock);
    start = end;
  }
  return cells;
}
