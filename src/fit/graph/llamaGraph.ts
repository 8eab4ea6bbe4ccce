/**
 * The compute graph that llama.cpp builds for one batch of a model whose architecture llmbench knows (src/models/llama.cpp,
 * qwen3.cpp, qwen3moe.cpp, openai-moe.cpp, glm4-moe.cpp, gemma3.cpp, src/llama-graph.cpp, src/llama-kv-cache.cpp, v0.4.0).
 */
import { traitsOf } from "../../gguf/architectures.ts";
import { elementsOf, ggmlTypes } from "../../gguf/ggmlTypes.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";
import type { KvCacheType } from "../../bench/settings.ts";
import { denseFeedForward, mixture } from "./feedForward.ts";
import { input, op, product, weight, type LayerWeights } from "./graphParts.ts";
import { Graph, graphTensor, view, type GraphTensor, type GraphWeight } from "./graphTensor.ts";

export interface GraphLayer {
  /** The backend of its KV cache. */
  readonly kvHome: number;
  /** The backend it was placed on. */
  readonly home: number;
  /** Looks back no further than the window. */
  readonly windowed: boolean;
  /** Its feed-forward part is a mixture of experts. */
  readonly experts: boolean;
  readonly weights: LayerWeights;
}

export interface GraphPlan {
  readonly shape: ModelShape;
  readonly layers: readonly GraphLayer[];
  readonly embeddings: GraphWeight;
  readonly outputNorm: GraphWeight;
  readonly output: GraphWeight;
  readonly nTokens: number;
  /** Cells of a layer's KV cache, padded. */
  readonly nCtx: number;
  /** Of one that looks back no further than the window. */
  readonly nCtxWindow: number;
  readonly typeK: KvCacheType;
  readonly typeV: KvCacheType;
  readonly flashAttn: boolean;
  /** The V cache is written as attention without flash reads it. */
  readonly transposedV: boolean;
  readonly kvOffload: boolean;
  /** Norms stay with their layer instead of following their neighbours. */
  readonly pinNorms: boolean;
  readonly host: number;
  /** Scratch memory of flash attention, by backend. */
  readonly flashAttnScratch: readonly number[];
}

export function llamaGraph(plan: GraphPlan): Graph {
  return new GraphBuilder(plan).build();
}

/** What a batch needs to know of the KV cache. Layers that look back a window only have a cache of their own. */
interface CacheInputs {
  readonly nCtx: number;
  readonly kIndices: GraphTensor;
  readonly vIndices: GraphTensor;
  readonly mask: GraphTensor;
  readonly kRotation: GraphTensor | null;
  readonly vRotation: GraphTensor | null;
}

class GraphBuilder {
  private readonly plan: GraphPlan;
  private readonly graph = new Graph();
  private readonly positions: GraphTensor;
  private readonly whole: CacheInputs;
  private readonly window: CacheInputs;
  private readonly ropeFactors = new Map<number, GraphTensor>();

  constructor(plan: GraphPlan) {
    this.plan = plan;
    this.positions = input("i32", [plan.nTokens]);
    this.whole = cacheInputs(plan, plan.nCtx);
    this.window = cacheInputs(plan, plan.nCtxWindow);
  }

  build(): Graph {
    const { plan, graph } = this;
    const { shape, nTokens } = plan;
    const tokens = input("i32", [nTokens]);
    const rows = [shape.n_embd, nTokens];
    let current = op("get_rows", rows, [weight(plan.embeddings), tokens]);
    graph.expand(current);
    // Gemma scales what it embeds.
    if (shape.architecture === "gemma3") current = op("scale", rows, [current]);
    // Embeddings may be given instead of tokens: the input is there either way.
    graph.expand(input("f32", rows));
    const outputs = input("i32", [nTokens]);
    for (const [index, layer] of plan.layers.entries()) {
      const isLast = index === plan.layers.length - 1;
      // gpt-oss computes all tokens to the end.
      const picks = isLast && shape.architecture !== "gpt-oss";
      current = this.layer(layer, current, picks ? outputs : null);
    }
    const norm = this.norm(current, plan.outputNorm, null);
    norm.output = true;
    const logits = op("mul_mat", [shape.n_vocab, nTokens], [weight(plan.output), norm]);
    logits.output = true;
    graph.expand(logits);
    return graph;
  }

  private layer(layer: GraphLayer, given: GraphTensor, outputs: GraphTensor | null): GraphTensor {
    const { weights } = layer;
    const { postNorms, normedAfterAttention } = traitsOf(this.plan.shape.architecture);
    const normed = this.norm(given, weights["attn_norm.weight"], layer.home);
    let attended = this.attention(layer, normed);
    let residual = given;
    if (outputs !== null) {
      attended = op("get_rows", attended.ne, [attended, outputs]);
      residual = op("get_rows", given.ne, [given, outputs]);
    }
    const after = weights["post_attention_norm.weight"];
    if (postNorms) attended = this.norm(attended, after, layer.home);
    const sum = op("add", attended.ne, [attended, residual]);
    const before = normedAfterAttention ? after : weights["ffn_norm.weight"];
    const fed = this.feedForward(layer, this.norm(sum, before, layer.home));
    const scaled = postNorms ? this.norm(fed, weights["post_ffw_norm.weight"], null) : fed;
    return op("add", scaled.ne, [scaled, sum]);
  }

  private attention(layer: GraphLayer, normed: GraphTensor): GraphTensor {
    const { graph, plan } = this;
    const { weights } = layer;
    const { head_size, n_heads, n_kv_heads, n_embd } = plan.shape;
    const cache = layer.windowed ? this.window : this.whole;
    let q = this.heads(weights, "attn_q", normed, n_heads);
    let k = this.heads(weights, "attn_k", normed, n_kv_heads);
    let v = this.heads(weights, "attn_v", normed, n_kv_heads);
    q = this.rope(this.norm(q, weights["attn_q_norm.weight"], layer.home), layer);
    k = this.rope(this.norm(k, weights["attn_k_norm.weight"], layer.home), layer);
    if (plan.shape.architecture === "gemma3") q = op("scale", q.ne, [q]);
    if (cache.kRotation !== null) {
      q = rotated(q, cache.kRotation);
      k = rotated(k, cache.kRotation);
    }
    if (cache.vRotation !== null) v = rotated(v, cache.vRotation);
    // Models with windows have a builder of their own, which takes keys before values.
    const inOrder = plan.shape.sliding_window === undefined ? [q, v, k] : [q, k, v];
    for (const tensor of inOrder) graph.expand(tensor);
    const width = n_kv_heads * head_size;
    const kCache = graphTensor("none", plan.typeK, [width, cache.nCtx], { home: layer.kvHome });
    const vCache = graphTensor("none", plan.typeV, [width, cache.nCtx], { home: layer.kvHome });
    this.store(kCache, k, cache.kIndices, false);
    this.store(vCache, v, cache.vIndices, plan.transposedV);
    const sinks = weights["attn_sinks.weight"];
    const beside = [cache.mask, ...(sinks ? [weight(sinks)] : [])];
    let mixed = plan.flashAttn
      ? this.flashAttention(q, kCache, vCache, beside)
      : this.plainAttention(q, kCache, vCache, beside);
    graph.expand(mixed);
    if (cache.vRotation !== null) mixed = rotated(mixed, cache.vRotation);
    return product(weights, "attn_output", mixed, n_embd);
  }

  private heads(
    weights: LayerWeights,
    name: string,
    normed: GraphTensor,
    count: number,
  ): GraphTensor {
    const { head_size } = this.plan.shape;
    const joined = product(weights, name, normed, count * head_size);
    return view(joined, [head_size, count, this.plan.nTokens]);
  }

  private rope(tensor: GraphTensor, { weights }: GraphLayer): GraphTensor {
    const sources = [tensor, this.positions];
    const factors = weights["rope_freqs.weight"];
    if (factors !== undefined) sources.push(this.factors(factors));
    return op("rope", tensor.ne, sources);
  }

  private factors(of: GraphWeight): GraphTensor {
    const factors = this.ropeFactors.get(of.home) ?? weight(of);
    this.ropeFactors.set(of.home, factors);
    return factors;
  }

  private store(
    cache: GraphTensor,
    values: GraphTensor,
    indices: GraphTensor,
    transposed: boolean,
  ): void {
    const [width = 1, nCtx = 1] = cache.ne;
    let rows = view(values, [width, this.plan.nTokens]);
    if (transposed) rows = view(rows, [1, width * this.plan.nTokens]);
    const into = transposed ? view(cache, [1, width * nCtx]) : cache;
    this.graph.expand(
      graphTensor("set_rows", cache.type, into.ne, {
        sources: [rows, indices, into],
        viewOf: cache,
      }),
    );
  }

  private flashAttention(
    q: GraphTensor,
    k: GraphTensor,
    v: GraphTensor,
    beside: readonly GraphTensor[],
  ): GraphTensor {
    const { shape, nTokens, flashAttnScratch } = this.plan;
    const { head_size, n_heads } = shape;
    const byHead = (cache: GraphTensor) => asHalf(this.byHead(cache));
    const mixed = graphTensor("flash_attn", "f32", [head_size, n_heads, nTokens], {
      sources: [this.queries(q), byHead(k), byHead(v), ...beside],
      scratchBytes: flashAttnScratch,
    });
    return view(mixed, [head_size * n_heads, nTokens]);
  }

  /** The cache head by head; the rows of several heads lie apart. */
  private byHead(cache: GraphTensor): GraphTensor {
    const { head_size, n_kv_heads } = this.plan.shape;
    const [, nCtx = 1] = cache.ne;
    const rows = view(cache, [head_size, n_kv_heads, nCtx]);
    return view(rows, [head_size, nCtx, n_kv_heads], n_kv_heads > 1);
  }

  private queries(q: GraphTensor): GraphTensor {
    const [head = 1, heads = 1, tokens = 1] = q.ne;
    return view(view(q, [head, heads, tokens]), [head, tokens, heads], true);
  }

  private plainAttention(
    q: GraphTensor,
    k: GraphTensor,
    v: GraphTensor,
    beside: readonly GraphTensor[],
  ): GraphTensor {
    const { shape, nTokens, kvOffload, host } = this.plan;
    const [, nCtx = 1] = k.ne;
    const { head_size, n_heads } = shape;
    const keys = this.byHead(k);
    const values = this.transposedValues(v);
    const scores = op("mul_mat", [nCtx, nTokens, n_heads], [keys, this.queries(q)]);
    const weights = op("soft_max", scores.ne, [scores, ...beside]);
    const mixed = op("mul_mat", [head_size, nTokens, n_heads], [values, weights]);
    const byToken = view(mixed, [head_size, n_heads, nTokens], true);
    const joined = op("cont", [head_size * n_heads, nTokens], [byToken]);
    if (!kvOffload) joined.backend = host;
    return joined;
  }

  private transposedValues(v: GraphTensor): GraphTensor {
    const { shape, transposedV } = this.plan;
    const { head_size, n_kv_heads } = shape;
    const [, nCtx = 1] = v.ne;
    const ne = [nCtx, head_size, n_kv_heads];
    if (transposedV) return view(view(v, [nCtx, n_kv_heads, head_size]), ne, true);
    return graphTensor("cont", v.type, ne, { sources: [view(this.byHead(v), ne, true)] });
  }

  private feedForward({ weights, experts }: GraphLayer, normed: GraphTensor): GraphTensor {
    const { graph, plan } = this;
    return experts
      ? mixture(graph, plan.shape, weights, normed)
      : denseFeedForward(weights, normed, plan.shape.n_ff);
  }

  private norm(tensor: GraphTensor, by: GraphWeight | undefined, home: number | null): GraphTensor {
    if (by === undefined) return tensor;
    const normed = op("rms_norm", tensor.ne, [tensor]);
    if (this.plan.pinNorms && home !== null) normed.backend = home;
    return op("mul", tensor.ne, [normed, weight(by)]);
  }
}

function cacheInputs(
  { nTokens, flashAttn, transposedV, shape, typeK, typeV }: GraphPlan,
  nCtx: number,
): CacheInputs {
  const { n_kv_heads, head_size } = shape;
  const rotates = (type: KvCacheType) =>
    ggmlTypes[type].blockSize > 1 && head_size % smallestRotation === 0;
  const k = largestRotation(head_size);
  return {
    nCtx,
    kIndices: input("i64", [nTokens]),
    // A transposed V cache is written element by element.
    vIndices: input("i64", [transposedV ? nTokens * n_kv_heads * head_size : nTokens]),
    mask: input(flashAttn ? "f16" : "f32", [nCtx, nTokens]),
    kRotation: rotates(typeK) ? input("f32", [k, k]) : null,
    vRotation: rotates(typeV) ? input("f32", [smallestRotation, smallestRotation]) : null,
  };
}

/** Flash attention reads no F32 cache: it is copied. */
function asHalf(cache: GraphTensor): GraphTensor {
  if (cache.type !== "f32") return cache;
  const copy = graphTensor("copy", "f16", cache.ne, { sources: [cache] });
  // As ggml_cast refers to its own result.
  copy.sources.push(copy);
  return copy;
}

/** Quantized caches are rotated by Hadamard matrices of at least this size (src/llama-kv-cache.cpp). */
const smallestRotation = 64;

function largestRotation(headSize: number): number {
  let size = smallestRotation;
  while (headSize % (size * 2) === 0) size *= 2;
  return size;
}

function rotated(tensor: GraphTensor, rotation: GraphTensor): GraphTensor {
  const [size = 1] = rotation.ne;
  const rows = view(tensor, [size, elementsOf(tensor.ne) / size]);
  return view(op("mul_mat", rows.ne, [rotation, rows]), tensor.ne);
}
