/**
 * What one token of decode reads: all weights but the embeddings' other rows and the experts it doesn't go through, and
 * the KV cache so far.
 */
import { bytesOf, isGgmlTypeName } from "../gguf/ggmlTypes.ts";
import { windowedLayers, type ModelShape } from "../gguf/modelShape.ts";
import { activeParameterCount, parameterCount } from "../gguf/tensorTable.ts";

export interface DecodeWork {
  readonly nLayers: number;
  /** Per token. */
  readonly weightsBytesRead: number;
  /** Per token, at the context that is asked about. */
  readonly kvBytesRead: number;
  /** Of both, what lies in host memory beside a GPU. */
  readonly hostBytes?: number;
  /** True where not said: llama.cpp's `auto` takes it wherever it can. */
  readonly flashAttention?: boolean;
}

/** llama.cpp attends over whole blocks of so many cells (get_n_kv, src/llama-kv-cache.cpp, v0.4.0). */
const cellBlock = 256;

/**
 * Bytes of weights that a token reads where only their sum is known, as if all had the bits of the average weight. Against llama.cpp's own types for
 * the catalogue's dense models that is off by at most 1.4% at 4 bits and more, by 3.1% below.
 */
export function approximateWeightsRead(
  shape: ModelShape,
  weightsBytes: number,
  tokens = 1,
): number {
  return (weightsBytes * activeParameterCount(shape, tokens)) / parameterCount(shape);
}

/** Of the output layer, where only the sum of all weights is known; 0 for one that shares the embeddings. */
export function approximateOutput(shape: ModelShape, weightsBytes: number): number {
  if (shape.tied_embeddings) return 0;
  return (weightsBytes * shape.n_embd * shape.n_vocab) / parameterCount(shape);
}

/** Bytes of one token's keys and values in one layer. */
function layerKvBytes({ n_kv_heads, head_size }: ModelShape, typeK: string, typeV: string): number {
  const bytes = (type: string) =>
    isGgmlTypeName(type) ? bytesOf(type, [n_kv_heads * head_size]) : 0;
  return bytes(typeK) + bytes(typeV);
}

/** Bytes of keys and values that a token reads on average, all layers together. */
export function kvRead(
  shape: ModelShape,
  { typeK, typeV, nGen, nDepth, nUbatch }: KvSettings,
): number {
  const windowed = windowedLayers(shape);
  const all = meanCellsRead(nGen, nDepth);
  const near = meanCellsRead(nGen, nDepth, windowCells(shape, nUbatch));
  const cells = (shape.n_layers - windowed) * all + windowed * near;
  return cells * layerKvBytes(shape, typeK, typeV);
}

export interface KvSettings {
  readonly typeK: string;
  readonly typeV: string;
  readonly nGen: number;
  readonly nDepth: number;
  readonly nUbatch: number;
}

/** Cells of a cache that keeps the window and a batch (llama_kv_cache_iswa, v0.4.0). */
export function windowCells({ sliding_window }: ModelShape, nUbatch: number): number {
  if (sliding_window === undefined) return Infinity;
  return Math.ceil((sliding_window.tokens + nUbatch) / cellBlock) * cellBlock;
}

/** Cells of the KV cache, of `most`, that a token reads on average over `nGen` tokens after `nDepth`. */
export function meanCellsRead(nGen: number, nDepth: number, most = Infinity): number {
  const end = nDepth + nGen;
  let cells = 0;
  for (let start = nDepth; start < end;) {
    const block = (Math.floor(start / cellBlock) + 1) * cellBlock;
    const next = Math.min(block, end);
    cells += (next - start) * Math.min(most, block);
    start = next;
  }
  return nGen === 0 ? 0 : cells / nGen;
}

/** Bytes per token that lie in host memory when the last `nGpuLayers` are on the device (n_layers + 1 is all). */
export function hostBytesRead(
  { nLayers, weightsBytesRead: weights, kvBytesRead }: DecodeWork,
  nGpuLayers: number,
  outputBytes: number,
): number {
  if (nGpuLayers > nLayers) return 0;
  const layers = nLayers - Math.max(0, nGpuLayers - 1);
  const share = layers / nLayers;
  return (
    (weights - outputBytes) * share + kvBytesRead * share + (nGpuLayers === 0 ? outputBytes : 0)
  );
}
