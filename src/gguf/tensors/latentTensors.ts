/** The tensors of a layer with multi-head latent attention (src/models/deepseek2.cpp, deepseek32.cpp, glm-dsa.cpp, v0.4.0). */
import type { ModelShape } from "../modelShape.ts";
import { bias, kernel, matrix, norm, type Named, type TensorShape } from "./tensorShape.ts";

/** @throws RangeError where the shape has no latent attention */
export function latentTensors(shape: ModelShape, layer: number, name: Named): TensorShape[] {
  const { n_embd, n_heads, head_size, latent, rope } = shape;
  if (latent === undefined) throw new RangeError("a shape without latent attention");
  const { query_rank, kv_rank, value_size } = latent;
  const turned = rope.dimensions ?? 0;
  const queries = n_heads * head_size;
  return [
    norm(name("attn_kv_a_norm"), kv_rank),
    matrix(name("attn_kv_a_mqa"), n_embd, kv_rank + turned),
    matrix(name("attn_k_b"), head_size - turned, kv_rank, n_heads),
    matrix(name("attn_v_b"), kv_rank, value_size, n_heads),
    matrix(name("attn_output"), n_heads * value_size, n_embd),
    ...(query_rank === undefined
      ? [matrix(name("attn_q"), n_embd, queries)]
      : [
          norm(name("attn_q_a_norm"), query_rank),
          matrix(name("attn_q_a"), n_embd, query_rank),
          matrix(name("attn_q_b"), query_rank, queries),
        ]),
    ...indexerTensors(shape, layer, name),
  ];
}

function indexerTensors(
  { n_embd, latent, indexer }: ModelShape,
  layer: number,
  name: Named,
): TensorShape[] {
  if (indexer === undefined || indexer.layers?.includes(layer) === false) return [];
  const { n_heads, head_size } = indexer;
  return [
    norm(name("indexer.k_norm"), head_size),
    bias(name("indexer.k_norm"), head_size),
    // Converters leave it in F32; llama-quantize doesn't.
    kernel(name("indexer.proj"), n_embd, n_heads),
    matrix(name("indexer.attn_k"), n_embd, head_size),
    matrix(name("indexer.attn_q_b"), latent?.query_rank ?? n_embd, n_heads * head_size),
  ];
}
