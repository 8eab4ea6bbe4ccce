/** What a prompt asks for: operations of matrices and of attention, and intermediate results that come and go. */
import { activeWidth, expertLayers, windowedLayers, type ModelShape } from "../gguf/modelShape.ts";
import { shareTouched } from "../gguf/tensorTable.ts";
import { windowCells } from "./decodeWork.ts";

export interface PrefillWork {
  /** Tokens of the prompt. */
  readonly nPrompt: number;
  /** `q4_0`, `f16`: what the matrices are made of. */
  readonly quantization: string;
  readonly nUbatches: number;
  readonly nLayers: number;
  /** Multiplications and additions with the layers' weights. */
  readonly matrixOperations: number;
  /** Those of queries with keys and of scores with values. */
  readonly attentionOperations: number;
  /** Tokens × layers × width of the residual stream. */
  readonly activations: number;
  /** Of the layers, once. */
  readonly weightsBytes: number;
  /** Of those, what lies in host memory beside a GPU. */
  readonly hostBytes?: number;
  readonly flashAttention?: boolean;
}

export interface PromptSettings {
  readonly nPrompt: number;
  readonly nDepth: number;
  readonly nBatch: number;
  readonly nUbatch: number;
}

/** llama.cpp attends over whole blocks of so many cells, and masks what lies ahead (get_n_kv, v0.4.0). */
const cellBlock = 256;

/** `weightsBytes` are those that a batch of `batchTokens` reads, the output layer's included. */
export function prefillWork(
  shape: ModelShape,
  quantization: string,
  weightsBytes: number,
  settings: PromptSettings,
): PrefillWork {
  const { nPrompt, nBatch, nUbatch } = settings;
  const windowed = windowedLayers(shape);
  const all = readCells(settings, Infinity);
  const near = readCells(settings, windowCells(shape, nUbatch));
  let nUbatches = 0;
  for (let start = 0; start < nPrompt; nUbatches++)
    start = ubatchEnd(start, nPrompt, nBatch, nUbatch);
  const queries = shape.n_heads * shape.head_size;
  const output = shape.n_embd * shape.n_vocab;
  const read = layerParameters(shape, batchTokens(settings));
  return {
    nPrompt,
    quantization,
    nUbatches,
    nLayers: shape.n_layers,
    // The output layer works for the last token alone.
    matrixOperations: 2 * layerParameters(shape, 1) * nPrompt,
    attentionOperations: 4 * queries * ((shape.n_layers - windowed) * all + windowed * near),
    activations: nPrompt * shape.n_layers * shape.n_embd,
    weightsBytes: (weightsBytes * read) / (read + output),
  };
}

/** Tokens that go through the layers together. */
export function batchTokens({ nPrompt, nBatch, nUbatch }: PromptSettings): number {
  return Math.max(1, Math.min(nPrompt, nBatch, nUbatch));
}

/** Of all layers' matrices, those that so many tokens together go through. */
function layerParameters(shape: ModelShape, tokens: number): number {
  const { n_embd, n_ff, n_layers, head_size, experts } = shape;
  const attention = 2 * (shape.n_heads + shape.n_kv_heads) * head_size;
  const mixtures = expertLayers(shape);
  const dense = n_layers * attention + 3 * (n_layers - mixtures) * n_ff;
  if (experts === undefined) return n_embd * dense;
  const used = shareTouched(experts, tokens) * experts.count;
  return n_embd * (dense + mixtures * (3 * activeWidth({ ...experts, used }) + experts.count));
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
