/** Attention to one compressed vector a token, which stands for keys and values of all heads (src/models/deepseek2.cpp, deepseek32.cpp, glm-dsa.cpp, v0.4.0). */
import type { Batch, GraphLayer } from "./batch.ts";
import { attended, storeRows } from "./cachedAttention.ts";
import { op, product, weight } from "./graphParts.ts";
import { graphTensor, slice, view, type GraphTensor } from "./graphTensor.ts";
import { chosenMask, chosenTokens } from "./indexer.ts";

/** @param chosen by the layer before, of an indexer that this one hasn't */
export function latentAttention(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  chosen: GraphTensor | null,
): { readonly mixed: GraphTensor; readonly chosen: GraphTensor | null } {
  const { plan, graph } = batch;
  const { n_embd, n_heads, head_size, latent, rope, indexer, scales } = plan.shape;
  const { kv_rank: rank = 1 } = latent ?? {};
  const { nTokens } = plan;
  const turned = rope.dimensions ?? 0;
  const { weights, home } = layer;
  const rows = queryRows(batch, layer, normed);
  const own = weights["indexer.proj.weight"] !== undefined;
  const choice = own ? chosenTokens(batch, layer, normed, rows.compressed) : chosen;
  const q = rows.all();
  const heads = indexer === undefined ? view(q, [head_size, n_heads, nTokens]) : q;
  const both = product(weights, "attn_kv_a_mqa", normed, rank + turned);
  const keyTurned = op(
    "rope",
    [turned, 1, nTokens],
    [slice(both, [turned, 1, nTokens]), batch.positions],
  );
  const compressed = batch.norm(
    slice(both, [rank, nTokens]),
    weights["attn_kv_a_norm.weight"],
    home,
  );
  const flat = slice(heads, [head_size - turned, n_heads, nTokens], head_size);
  const queryTurned = op(
    "rope",
    [turned, n_heads, nTokens],
    [slice(heads, [turned, n_heads, nTokens], head_size), batch.positions],
  );
  const byHead = view(flat, [head_size - turned, nTokens, n_heads], true);
  const absorber = weights["attn_k_b.weight"];
  const absorbed = op(
    "mul_mat",
    [rank, nTokens, n_heads],
    [...(absorber ? [weight(absorber)] : []), byHead],
  );
  const absorbedByToken = view(absorbed, [rank, n_heads, nTokens], true);
  const joined = op("concat", [rank + turned, n_heads, nTokens], [absorbedByToken, queryTurned]);
  const values = view(compressed, [rank, 1, nTokens]);
  const keys = op("concat", [rank + turned, 1, nTokens], [values, keyTurned]);
  const queries =
    scales?.temperature === undefined ? joined : op("mul", joined.ne, [joined, batch.temperatures]);
  for (const tensor of [queries, values, keys]) graph.expand(tensor);
  const inputs = batch.cacheOf(layer);
  const { nCtx } = inputs;
  const cache = graphTensor("none", plan.typeK, [rank + turned, nCtx], [], { home: layer.kvHome });
  storeRows(batch, cache, keys, inputs.kIndices);
  const mask = choice === null ? inputs.mask : chosenMask(inputs.mask, choice, nCtx, nTokens);
  const sizes = { nCtx, heads: n_heads, kvHeads: 1, key: rank + turned, value: rank, latent: true };
  const mixed = attended(batch, layer, sizes, [queries, cache, cache], mask);
  return { mixed: product(weights, "attn_output", mixed, n_embd), chosen: choice };
}

interface QueryRows {
  /** What indexers make their own queries from. */
  readonly compressed: GraphTensor;
  readonly all: () => GraphTensor;
}

/** Queries, by way of fewer elements where the model has them so. */
function queryRows(batch: Batch, { weights, home }: GraphLayer, normed: GraphTensor): QueryRows {
  const { n_heads, head_size, latent } = batch.plan.shape;
  const width = n_heads * head_size;
  const rank = latent?.query_rank;
  if (rank === undefined)
    return { compressed: normed, all: () => product(weights, "attn_q", normed, width) };
  const down = product(weights, "attn_q_a", normed, rank);
  const compressed = batch.norm(down, weights["attn_q_a_norm.weight"], home);
  return { compressed, all: () => product(weights, "attn_q_b", compressed, width) };
}
