/** The tensors of DeepSeek-V4: compressed attention, and streams that are mixed (src/models/deepseek4.cpp, v0.4.0). */
import type { ModelShape } from "../modelShape.ts";
import { kernel, matrix, norm, type Named, type TensorShape } from "./tensorShape.ts";

/** @throws RangeError where the shape has no compressed attention */
export function compressedTensors(shape: ModelShape, layer: number, name: Named): TensorShape[] {
  const { n_embd, n_heads, head_size, compressed } = shape;
  if (compressed === undefined) throw new RangeError("a shape without compressed attention");
  const { query_rank, output_groups, output_rank } = compressed;
  const joined = output_groups * output_rank;
  return [
    { name: `${name("attn_sinks")}.weight`, dims: [n_heads], role: "bias" },
    matrix(name("attn_q_a"), n_embd, query_rank),
    norm(name("attn_q_a_norm"), query_rank),
    matrix(name("attn_q_b"), query_rank, n_heads * head_size),
    matrix(name("attn_kv"), n_embd, head_size),
    norm(name("attn_kv_a_norm"), head_size),
    matrix(name("attn_output_a"), (n_heads * head_size) / output_groups, joined),
    matrix(name("attn_output_b"), joined, n_embd),
    ...compressorTensors(shape, compressed.ratios[layer] ?? 0, name),
  ];
}

function compressorTensors(shape: ModelShape, ratio: number, name: Named): TensorShape[] {
  const { n_embd, head_size, indexer, compressed } = shape;
  if (ratio === 0) return [];
  const of = (part: string, width: number, size: number) => [
    matrix(name(`${part}_kv`), n_embd, width),
    matrix(name(`${part}_gate`), n_embd, width),
    kernel(name(`${part}_ape`), width, ratio),
    norm(name(`${part}_norm`), size),
  ];
  // Cells of few tokens overlap with those before.
  const overlaps = ratio === 4;
  const main = of("attn_compressor", (overlaps ? 2 : 1) * head_size, head_size);
  if (!overlaps || indexer === undefined) return main;
  return [
    ...main,
    kernel(name("indexer.proj"), n_embd, indexer.n_heads),
    matrix(
      name("indexer.attn_q_b"),
      compressed?.query_rank ?? n_embd,
      indexer.n_heads * indexer.head_size,
    ),
    ...of("indexer_compressor", 2 * indexer.head_size, indexer.head_size),
  ];
}

/** Of one part of a layer, attention or feed-forward: what is taken from the streams, given back, and passed on. */
export function streamTensors(
  { n_embd, hyper_connections: streams }: ModelShape,
  name: string,
): TensorShape[] {
  if (streams === undefined) return [];
  const { count } = streams;
  const mixes = (2 + count) * count;
  return [
    kernel(`${name}_fn`, count * n_embd, mixes),
    kernel(`${name}_base`, mixes),
    norm(`${name}_scale`, 3),
  ];
}

/** How the streams become one again. */
export function lastStreamTensors({
  n_embd,
  hyper_connections: streams,
}: ModelShape): TensorShape[] {
  if (streams === undefined) return [];
  const { count } = streams;
  return [
    kernel("output_hc_fn", count * n_embd, count),
    kernel("output_hc_base", count),
    norm("output_hc_scale", 1),
  ];
}
