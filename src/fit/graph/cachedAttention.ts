/** Attention to a KV cache: what a layer stores there, and how queries are answered (build_attn, build_attn_mha, src/llama-graph.cpp, v0.4.0). */
import type { AttentionSizes, Batch, GraphLayer } from "./batch.ts";
import { rotated } from "./cacheInputs.ts";
import { op, weight } from "./graphParts.ts";
import { graphTensor, slice, view, type GraphTensor } from "./graphTensor.ts";

/** By head. */
export interface Projected {
  readonly q: GraphTensor;
  /** Null where the layer reads another's cache. */
  readonly k: GraphTensor | null;
  readonly v: GraphTensor | null;
}

/** What was attended to, all heads of a token together. */
export function cachedAttention(batch: Batch, layer: GraphLayer, made: Projected): GraphTensor {
  const { graph, plan } = batch;
  const { n_heads } = plan.shape;
  const { kvHeads, size } = layer.heads;
  const cache = batch.cacheOf(layer);
  const q = rotated(made.q, cache.kRotation);
  const k = made.k && rotated(made.k, cache.kRotation);
  const v = made.v && rotated(made.v, cache.vRotation);
  // Models with windows have a builder of their own, which takes keys before values.
  const inOrder = plan.shape.sliding_window === undefined ? [q, v, k] : [q, k, v];
  for (const tensor of inOrder) if (tensor !== null) graph.expand(tensor);
  const width = kvHeads * size;
  const valueWidth = plan.transposedV ? plan.widestValue : width;
  const home = layer.kvHome;
  const keys = graphTensor("none", plan.typeK, [width, cache.nCtx], [], { home });
  const values = graphTensor("none", plan.typeV, [valueWidth, cache.nCtx], [], { home });
  if (k !== null) storeRows(batch, keys, k, cache.kIndices);
  if (v !== null) storeValues(batch, values, v, cache.vIndices);
  const sizes = { nCtx: cache.nCtx, heads: n_heads, kvHeads, key: size, value: size };
  const mixed = attended(batch, layer, { ...sizes, latent: false }, [q, keys, values]);
  return rotated(mixed, cache.vRotation);
}

/** The V cache may be written as attention without flash reads it, element by element. */
function storeValues(
  batch: Batch,
  cache: GraphTensor,
  values: GraphTensor,
  indices: GraphTensor,
): void {
  const { nTokens, transposedV } = batch.plan;
  if (!transposedV) {
    storeRows(batch, cache, values, indices);
    return;
  }
  const [cacheWidth = 1, nCtx = 1] = cache.ne;
  const [head = 1, heads = 1] = values.ne;
  const ne = [head * heads, nTokens];
  // Rows that lie apart are joined first.
  const joined = values.permuted ? op("cont", ne, [values]) : view(values, ne);
  const padded = head * heads < cacheWidth ? op("pad", [cacheWidth, nTokens], [joined]) : joined;
  const elements = view(padded, [1, cacheWidth * nTokens]);
  setRows(batch, elements, indices, cache, view(cache, [1, cacheWidth * nCtx]));
}

export function storeRows(
  batch: Batch,
  cache: GraphTensor,
  values: GraphTensor,
  indices: GraphTensor,
): void {
  const [width = 1] = cache.ne;
  const rows = view(values, [width, batch.plan.nTokens]);
  setRows(batch, rows, indices, cache, cache);
}

function setRows(
  { graph }: Batch,
  rows: GraphTensor,
  indices: GraphTensor,
  cache: GraphTensor,
  into: GraphTensor,
): void {
  graph.expand(
    graphTensor("set_rows", cache.type, into.ne, [rows, indices, into], {
      viewOf: cache,
    }),
  );
}

/** @param tensors queries, and the caches of keys and values; with latent attention, values as they show in the keys */
export function attended(
  batch: Batch,
  layer: GraphLayer,
  sizes: AttentionSizes,
  [q, k, v]: readonly [GraphTensor, GraphTensor, GraphTensor],
  mask = batch.cacheOf(layer).mask,
): GraphTensor {
  const sinks = layer.weights["attn_sinks.weight"];
  const beside = [mask, ...(sinks ? [weight(sinks)] : [])];
  const mixed = batch.plan.flashAttn
    ? flashAttention(batch, layer, sizes, [q, k, v, ...beside])
    : plainAttention(batch, layer, sizes, [q, k, v, ...beside]);
  batch.graph.expand(mixed);
  return mixed;
}

type Operands = readonly [GraphTensor, GraphTensor, GraphTensor, ...GraphTensor[]];

function flashAttention(
  { plan }: Batch,
  layer: GraphLayer,
  sizes: AttentionSizes,
  [q, k, v, ...beside]: Operands,
): GraphTensor {
  const { heads, key, value } = sizes;
  const { nTokens } = plan;
  const keys = asHalf(byHead(k, sizes, key));
  const values = asHalf(byHead(v, sizes, value));
  const mixed = graphTensor(
    "flash_attn",
    "f32",
    [value, heads, nTokens],
    [queries(q), keys, values, ...beside],
    {
      scratchBytes: plan.flashAttnScratch(sizes),
    },
  );
  if (!expands(layer)) return view(mixed, [value * heads, nTokens]);
  const expanded = expandedLatent(layer, view(mixed, [value, nTokens, heads], true));
  const [size = 1] = expanded.ne;
  const byToken = view(expanded, [size, heads, nTokens], true);
  return view(op("cont", byToken.ne, [byToken]), [size * heads, nTokens]);
}

function expands({ weights }: GraphLayer): boolean {
  return weights["attn_v_b.weight"] !== undefined;
}

/** Latent values become those of heads. */
function expandedLatent({ weights }: GraphLayer, mixed: GraphTensor): GraphTensor {
  const expander = weights["attn_v_b.weight"];
  const [, size = 1] = expander?.dims ?? [];
  return op(
    "mul_mat",
    [size, ...mixed.ne.slice(1)],
    expander ? [weight(expander), mixed] : [mixed],
  );
}

/** The cache head by head; the rows of several heads lie apart, and so do values that are the beginning of keys. */
function byHead(cache: GraphTensor, { kvHeads, nCtx }: AttentionSizes, size: number): GraphTensor {
  const ne = [size, kvHeads, nCtx];
  const [width = 1] = cache.ne;
  // Caches that were joined are by head already.
  const isByHead = cache.ne.length === ne.length;
  const rows = isByHead ? cache : size * kvHeads < width ? slice(cache, ne) : view(cache, ne);
  return view(rows, [size, nCtx, kvHeads], kvHeads > 1);
}

function queries(q: GraphTensor): GraphTensor {
  const [head = 1, heads = 1, tokens = 1] = q.ne;
  return view(view(q, [head, heads, tokens]), [head, tokens, heads], true);
}

function plainAttention(
  { plan }: Batch,
  layer: GraphLayer,
  sizes: AttentionSizes,
  [q, k, v, ...beside]: Operands,
): GraphTensor {
  const { nCtx, heads, key, value } = sizes;
  const { nTokens, kvOffload, host } = plan;
  const keys = byHead(k, sizes, key);
  const values = transposedValues(plan.transposedV, v, sizes);
  const scores = op("mul_mat", [nCtx, nTokens, heads], [keys, queries(q)]);
  const weights = op("soft_max", scores.ne, [scores, ...beside]);
  const mixed = op("mul_mat", [value, nTokens, heads], [values, weights]);
  const expanded = expands(layer) ? expandedLatent(layer, mixed) : mixed;
  const [size = 1] = expanded.ne;
  const byToken = view(expanded, [size, heads, nTokens], true);
  const joined = op("cont", [size * heads, nTokens], [byToken]);
  if (!kvOffload) joined.backend = host;
  return joined;
}

function transposedValues(transposed: boolean, v: GraphTensor, sizes: AttentionSizes): GraphTensor {
  const { nCtx, kvHeads, value, latent } = sizes;
  const ne = [nCtx, value, kvHeads];
  if (transposed && !latent) return view(view(v, [nCtx, kvHeads, value]), ne, true);
  return graphTensor("cont", v.type, ne, [view(byHead(v, sizes, value), ne, true)]);
}

/** Flash attention reads no F32 cache: it is copied. */
function asHalf(cache: GraphTensor): GraphTensor {
  if (cache.type !== "f32") return cache;
  const copy = graphTensor("copy", "f16", cache.ne, [cache]);
  // As ggml_cast refers to its own result.
  copy.sources.push(copy);
  return copy;
}
