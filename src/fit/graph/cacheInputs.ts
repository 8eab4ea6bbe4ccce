/** What a batch must know of a KV cache; layers that look back a window only have one of their own (src/llama-graph.cpp, src/llama-kv-cache.cpp, v0.4.0). */
import type { KvCacheType } from "../../bench/settings.ts";
import { elementsOf, ggmlTypes } from "../../gguf/ggmlTypes.ts";
import { input, op } from "./graphParts.ts";
import { view, type GraphTensor } from "./graphTensor.ts";

export interface CacheInputs {
  readonly nCtx: number;
  readonly kIndices: GraphTensor;
  readonly vIndices: GraphTensor;
  readonly mask: GraphTensor;
  readonly kRotation: GraphTensor | null;
  readonly vRotation: GraphTensor | null;
}

export interface CacheForm {
  readonly nTokens: number;
  /** Cells, padded. */
  readonly nCtx: number;
  readonly typeK: KvCacheType;
  readonly typeV: KvCacheType;
  /** Elements of a head's keys in this cache. */
  readonly headSize: number;
  readonly flashAttn: boolean;
  readonly transposedV: boolean;
  /** Elements of the widest layer's values, all heads together: so wide is each in a transposed cache. */
  readonly widestValue: number;
}

export function cacheInputs(form: CacheForm): CacheInputs {
  const { nTokens, nCtx, typeK, typeV, headSize, flashAttn, transposedV, widestValue } = form;
  const rotates = (type: KvCacheType) =>
    ggmlTypes[type].blockSize > 1 && headSize % smallestRotation === 0;
  const k = largestRotation(headSize);
  return {
    nCtx,
    kIndices: input("i64", [nTokens]),
    // A transposed V cache is written element by element.
    vIndices: input("i64", [transposedV ? nTokens * widestValue : nTokens]),
    mask: input(flashAttn ? "f16" : "f32", [nCtx, nTokens]),
    kRotation: rotates(typeK) ? input("f32", [k, k]) : null,
    vRotation: rotates(typeV) ? input("f32", [smallestRotation, smallestRotation]) : null,
  };
}

/** Quantized caches are rotated by Hadamard matrices of at least this size (src/llama-kv-cache.cpp). */
const smallestRotation = 64;

export function largestRotation(headSize: number): number {
  let size = smallestRotation;
  while (headSize % (size * 2) === 0) size *= 2;
  return size;
}

export function rotated(tensor: GraphTensor, rotation: GraphTensor | null): GraphTensor {
  if (rotation === null) return tensor;
  const [size = 1] = rotation.ne;
  const ne = [size, elementsOf(tensor.ne) / size];
  const rows = tensor.permuted ? op("cont", ne, [tensor]) : view(tensor, ne);
  return view(op("mul_mat", ne, [rotation, rows]), tensor.ne);
}
