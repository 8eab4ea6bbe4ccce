/** Sparse attention: scores by which a token chooses those that it looks at (src/models/deepseek32.cpp, build_attn with DSA, src/llama-graph.cpp, v0.4.0). */
import type { Batch, GraphLayer } from "./batch.ts";
import { storeRows } from "./cachedAttention.ts";
import { biased, op, product, weight } from "./graphParts.ts";
import { graphTensor, view, type GraphTensor } from "./graphTensor.ts";

/** Indices of the tokens that each token looks at. */
export function chosenTokens(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  compressed: GraphTensor,
): GraphTensor {
  const { plan, positions } = batch;
  const { n_heads: heads = 1, head_size: size = 1, top_k = 1 } = plan.shape.indexer ?? {};
  const { nTokens, nCtx } = plan;
  const { weights, kvHome } = layer;
  const { indices, mask, rotation } = batch.indexerInputs();
  const made = view(product(weights, "indexer.attn_q_b", compressed, heads * size), [
    size,
    heads,
    nTokens,
  ]);
  const q = op("rope", made.ne, [made, positions]);
  const keyRows = layerNorm(batch, layer, product(weights, "indexer.attn_k", normed, size));
  const k = view(keyRows, [size, 1, nTokens]);
  const turnedKeys = op("rope", k.ne, [k, positions]);
  const rotatedQueries = op("mul_mat", q.ne, [rotation, q]);
  const rotatedKeys = op("mul_mat", k.ne, [rotation, turnedKeys]);
  const cache = graphTensor("none", plan.typeK, [size, nCtx], [], { home: kvHome });
  storeRows(batch, cache, rotatedKeys, indices);
  const scales = product(weights, "indexer.proj", normed, heads);
  const scaled = op("scale", scales.ne, [view(scales, [heads, nTokens])]);
  const cached = view(cache, [size, 1, nCtx]);
  const scores = op("indexer", [nCtx, nTokens], [view(rotatedQueries, q.ne), cached, scaled, mask]);
  const best = Math.min(nCtx, top_k);
  const ranked = graphTensor("top_k", "i32", [best, nTokens], [scores]);
  return graphTensor("cont", "i32", ranked.ne, [ranked]);
}

function layerNorm(
  { plan }: Batch,
  { weights, home }: GraphLayer,
  tensor: GraphTensor,
): GraphTensor {
  const normed = op("norm", tensor.ne, [tensor]);
  if (plan.pinNorms) normed.backend = home;
  const by = weights["indexer.k_norm.weight"];
  const scaled = by === undefined ? normed : op("mul", tensor.ne, [normed, weight(by)]);
  return biased(scaled, weights["indexer.k_norm.bias"]);
}

/** The mask, but for what was chosen. */
export function chosenMask(
  mask: GraphTensor,
  chosen: GraphTensor,
  nCtx: number,
  nTokens: number,
  openType: "f16" | "f32" = "f32",
): GraphTensor {
  const [best = 1] = chosen.ne;
  const none = graphTensor("fill", mask.type, mask.ne, [mask]);
  const cells = view(none, [1, nCtx, nTokens]);
  const indices = view(chosen, [best, nTokens]);
  const zeros = graphTensor("none", openType, [1, best, nTokens]);
  const filled = graphTensor("fill", openType, zeros.ne, [zeros]);
  const open = graphTensor("set_rows", mask.type, cells.ne, [filled, indices, cells], {
    viewOf: none,
  });
  return graphTensor("add", mask.type, mask.ne, [view(open, [nCtx, nTokens]), mask]);
}
