/** What a batch must know of the cache by which sparse attention chooses (build_attn_inp_k_dsa, src/llama-graph.cpp, v0.4.0). */
import { largestRotation } from "./cacheInputs.ts";
import { input } from "./graphParts.ts";
import type { GraphTensor } from "./graphTensor.ts";

export interface IndexerInputs {
  readonly indices: GraphTensor;
  readonly mask: GraphTensor;
  /** A Hadamard matrix. */
  readonly rotation: GraphTensor;
}

export function indexerInputs(nTokens: number, nCtx: number, headSize: number): IndexerInputs {
  const size = largestRotation(headSize);
  return {
    indices: input("i64", [nTokens]),
    mask: input("f16", [nCtx, nTokens]),
    rotation: input("f32", [size, size]),
  };
}
