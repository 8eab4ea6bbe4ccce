/** What a prompt asks for: operations of matrices and of attention, and intermediate results that come and go. */
import type { ModelShape } from "../gguf/modelShape.ts";

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

/** `weightsBytes` are those that decode reads, the output layer's included. */
export function prefillWork(
  shape: ModelShape,
  quantization: string,
  weightsBytes: number,
  { nPrompt, nDepth, nBatch, nUbatch }: PromptSettings,
): PrefillWork {
  const queries = shape.n_heads * shape.head_size;
  const keys = shape.n_kv_heads * shape.head_size;
  const perLayer = shape.n_embd * (2 * queries + 2 * keys + 3 * shape.n_ff);
  let cellsRead = 0;
  let nUbatches = 0;
  for (let start = 0; start < nPrompt; nUbatches++) {
    const batchEnd = Math.min(nPrompt, (Math.floor(start / nBatch) + 1) * nBatch);
    const end = Math.min(batchEnd, start + nUbatch);
    cellsRead += (end - start) * Math.ceil((nDepth + end) / cellBlock) * cellBlock;
    start = end;
  }
  const output = shape.n_embd * shape.n_vocab;
  const layers = shape.n_layers * perLayer;
  return {
    nPrompt,
    quantization,
    nUbatches,
    nLayers: shape.n_layers,
    // The output layer works for the last token alone.
    matrixOperations: 2 * layers * nPrompt,
    attentionOperations: 4 * shape.n_layers * queries * cellsRead,
    activations: nPrompt * shape.n_layers * shape.n_embd,
    weightsBytes: (weightsBytes * layers) / (layers + output),
  };
}
