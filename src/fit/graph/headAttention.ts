/** Attention of heads that have keys and values of their own: how those are made of what a layer was given (src/models, v0.4.0). */
import { traitsOf } from "../../gguf/architectures.ts";
import type { Batch, GraphLayer } from "./batch.ts";
import { cachedAttention, type Projected } from "./cachedAttention.ts";
import { op, product } from "./graphParts.ts";
import { slice, view, type GraphTensor } from "./graphTensor.ts";

export function headAttention(batch: Batch, layer: GraphLayer, normed: GraphTensor): GraphTensor {
  const { shape } = batch.plan;
  const gated = traitsOf(shape.architecture).gatedQueries === true;
  const mixed = gated
    ? gatedAttention(batch, layer, normed)
    : cachedAttention(batch, layer, projected(batch, layer, normed));
  return product(layer.weights, "attn_output", mixed, shape.n_embd);
}

function projected(batch: Batch, layer: GraphLayer, normed: GraphTensor): Projected {
  const { shape, nTokens } = batch.plan;
  const { n_heads, architecture } = shape;
  const { kvHeads, size } = layer.heads;
  const { scalesQueries } = batch.traits;
  const scaled = (q: GraphTensor) => (scalesQueries ? op("scale", q.ne, [q]) : q);
  if (traitsOf(architecture).fused === true) {
    const all = product(layer.weights, "attn_qkv", normed, (n_heads + 2 * kvHeads) * size);
    const part = (count: number) => slice(all, [size, count, nTokens]);
    const [q, k] = [part(n_heads), part(kvHeads)];
    return {
      q: scaled(positioned(batch, layer, q, "queries")),
      k: positioned(batch, layer, k, "keys"),
      v: part(kvHeads),
    };
  }
  const q = heads(batch, layer, "attn_q", normed);
  const queries = scaled(positioned(batch, layer, q, "queries"));
  if (layer.sharesCache) return { q: queries, k: null, v: null };
  const keyRows = product(layer.weights, "attn_k", normed, kvHeads * size);
  const k = normedHeads(batch, layer, "attn_k", keyRows);
  return {
    q: queries,
    k: positioned(batch, layer, k, "keys"),
    v: valuesOf(batch, layer, normed, keyRows),
  };
}

function valuesOf(
  { plan, traits }: Batch,
  { weights, heads: { kvHeads, size } }: GraphLayer,
  normed: GraphTensor,
  keyRows: GraphTensor,
): GraphTensor {
  const areKeys = plan.shape.values_are_keys === true && weights["attn_v.weight"] === undefined;
  const rows = areKeys ? keyRows : product(weights, "attn_v", normed, kvHeads * size);
  const values = view(rows, [size, kvHeads, plan.nTokens]);
  return traits.normsValues ? op("rms_norm", values.ne, [values]) : values;
}

function heads(
  batch: Batch,
  layer: GraphLayer,
  name: "attn_q" | "attn_k",
  normed: GraphTensor,
): GraphTensor {
  const { size, kvHeads } = layer.heads;
  const count = name === "attn_q" ? batch.plan.shape.n_heads : kvHeads;
  return normedHeads(batch, layer, name, product(layer.weights, name, normed, count * size));
}

function normedHeads(
  batch: Batch,
  { weights, heads: { size }, home }: GraphLayer,
  name: "attn_q" | "attn_k",
  rows: GraphTensor,
): GraphTensor {
  const { shape, nTokens } = batch.plan;
  const by = weights[`${name}_norm.weight`];
  const [width = 1] = rows.ne;
  const ne = [size, width / size, nTokens];
  return traitsOf(shape.architecture).queryKeyNorms === "of all heads"
    ? view(batch.norm(rows, by, home), ne)
    : batch.norm(view(rows, ne), by, home);
}

/** Turned by their positions, or in layers without any, queries scaled by how long the context has grown. */
function positioned(
  batch: Batch,
  layer: GraphLayer,
  tensor: GraphTensor,
  what: "queries" | "keys",
): GraphTensor {
  const { traits, plan, temperatures } = batch;
  const { architecture, experts, scales } = plan.shape;
  const scaled = () => op("mul", tensor.ne, [tensor, temperatures]);
  if (traits.withoutPositions) return tensor;
  if (traits.positionsInWindows) {
    if (!layer.windowed) return what === "queries" ? scaled() : tensor;
    const turned = batch.rope(tensor, layer);
    // Llama 4 Scout norms them once more; Maverick doesn't (use_kq_norm, src/models/llama4.cpp).
    const isScout = architecture === "llama4" && experts?.count === 16;
    return isScout ? op("rms_norm", turned.ne, [turned]) : turned;
  }
  const turned = batch.rope(tensor, layer);
  return what === "queries" && scales?.temperature !== undefined
    ? op("mul", turned.ne, [turned, temperatures])
    : turned;
}

/** Queries bring a gate, by which what was attended to is multiplied (src/models/qwen35.cpp, qwen3next.cpp). */
function gatedAttention(batch: Batch, layer: GraphLayer, normed: GraphTensor): GraphTensor {
  const {
    weights,
    heads: { kvHeads, size },
    home,
  } = layer;
  const { architecture, n_heads } = batch.plan.shape;
  const { nTokens } = batch.plan;
  const joined = product(weights, "attn_q", normed, 2 * n_heads * size);
  const both = architecture === "qwen3next" ? view(joined, [2 * size, n_heads, nTokens]) : joined;
  const ne = [size, n_heads, nTokens];
  const q = batch.norm(slice(both, ne, 2 * size), weights["attn_q_norm.weight"], home);
  const values = view(product(weights, "attn_v", normed, kvHeads * size), [size, kvHeads, nTokens]);
  const k = heads(batch, layer, "attn_k", normed);
  const mixed = cachedAttention(batch, layer, {
    q: batch.rope(q, layer),
    k: batch.rope(k, layer),
    v: values,
  });
  const gate = op("cont", [n_heads * size, nTokens], [slice(both, ne, 2 * size)]);
  return op("mul", mixed.ne, [mixed, op("unary", gate.ne, [gate])]);
}
