/**
 * The compute graph that llama.cpp builds for one batch of a Llama or Qwen 3 model (src/models/llama.cpp and qwen3.cpp,
 * src/llama-graph.cpp, src/llama-kv-cache.cpp, v0.4.0).
 */
import { ggmlTypes, type GgmlTypeName } from "../../gguf/ggmlTypes.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";
import type { KvCacheType } from "../../suite/caseSettings.ts";
import { Graph, graphTensor, view, type GraphOp, type GraphTensor } from "./graphTensor.ts";

/** A weight as the graph sees it. */
export interface GraphWeight {
  readonly type: GgmlTypeName;
  readonly dims: readonly number[];
  /** The backend whose memory holds it. */
  readonly home: number;
}

export type LayerWeight =
  | "attn_norm"
  | "attn_q"
  | "attn_k"
  | "attn_v"
  | "attn_output"
  | "attn_q_norm"
  | "attn_k_norm"
  | "ffn_norm"
  | "ffn_gate"
  | "ffn_up"
  | "ffn_down"
  | "rope_freqs";

export interface GraphLayer {
  /** The backend of its KV cache. */
  readonly kvHome: number;
  /** The backend it was placed on. */
  readonly home: number;
  readonly weights: Readonly<Partial<Record<LayerWeight, GraphWeight>>>;
}

export interface GraphPlan {
  readonly shape: ModelShape;
  readonly layers: readonly GraphLayer[];
  readonly embeddings: GraphWeight;
  readonly outputNorm: GraphWeight;
  readonly output: GraphWeight;
  readonly nTokens: number;
  /** Padded. */
  readonly nCtx: number;
  readonly typeK: KvCacheType;
  readonly typeV: KvCacheType;
  readonly flashAttn: boolean;
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

class GraphBuilder {
  private readonly plan: GraphPlan;
  private readonly graph = new Graph();
  private readonly positions: GraphTensor;
  private readonly kIndices: GraphTensor;
  private readonly vIndices: GraphTensor;
  private readonly mask: GraphTensor;
  private readonly kRotation: GraphTensor | null;
  private readonly vRotation: GraphTensor | null;
  private readonly ropeFactors = new Map<number, GraphTensor>();

  constructor(plan: GraphPlan) {
    this.plan = plan;
    const { nTokens, nCtx, flashAttn, shape } = plan;
    this.positions = input("i32", [nTokens]);
    this.kIndices = input("i64", [nTokens]);
    // A transposed V cache is written element by element.
    this.vIndices = input("i64", [
      flashAttn ? nTokens : nTokens * shape.n_kv_heads * shape.head_size,
    ]);
    this.mask = input(flashAttn ? "f16" : "f32", [nCtx, nTokens]);
    const rotates = (type: KvCacheType) =>
      ggmlTypes[type].blockSize > 1 && shape.head_size % smallestRotation === 0;
    const k = largestRotation(shape.head_size);
    this.kRotation = rotates(plan.typeK) ? input("f32", [k, k]) : null;
    this.vRotation = rotates(plan.typeV)
      ? input("f32", [smallestRotation, smallestRotation])
      : null;
  }

  build(): Graph {
    const { plan, graph } = this;
    const { shape, nTokens } = plan;
    const tokens = input("i32", [nTokens]);
    const rows = [shape.n_embd, nTokens];
    let current = op("get_rows", rows, [weight(plan.embeddings), tokens]);
    graph.expand(current);
    // Embeddings may be given instead of tokens: the input is there either way.
    graph.expand(input("f32", rows));
    const outputs = input("i32", [nTokens]);
    for (const [index, layer] of plan.layers.entries()) {
      const isLast = index === plan.layers.length - 1;
      current = this.layer(layer, current, isLast ? outputs : null);
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
    const normed = this.norm(given, weights.attn_norm, layer.home);
    let attended = this.attention(layer, normed);
    let residual = given;
    if (outputs !== null) {
      attended = op("get_rows", attended.ne, [attended, outputs]);
      residual = op("get_rows", given.ne, [given, outputs]);
    }
    const sum = op("add", attended.ne, [attended, residual]);
    const fed = this.feedForward(layer, this.norm(sum, weights.ffn_norm, layer.home));
    return op("add", fed.ne, [fed, sum]);
  }

  private attention(layer: GraphLayer, normed: GraphTensor): GraphTensor {
    const { graph, plan } = this;
    const { weights } = layer;
    const { head_size, n_heads, n_kv_heads, n_embd } = plan.shape;
    let q = this.heads(weights.attn_q, normed, n_heads);
    let k = this.heads(weights.attn_k, normed, n_kv_heads);
    let v = this.heads(weights.attn_v, normed, n_kv_heads);
    q = this.rope(this.norm(q, weights.attn_q_norm, layer.home), layer);
    k = this.rope(this.norm(k, weights.attn_k_norm, layer.home), layer);
    if (this.kRotation !== null) {
      q = rotated(q, this.kRotation);
      k = rotated(k, this.kRotation);
    }
    if (this.vRotation !== null) v = rotated(v, this.vRotation);
    graph.expand(q);
    graph.expand(v);
    graph.expand(k);
    const width = n_kv_heads * head_size;
    const kCache = this.cache(layer, plan.typeK, width);
    const vCache = this.cache(layer, plan.typeV, width);
    this.store(kCache, k, this.kIndices, false);
    this.store(vCache, v, this.vIndices, !plan.flashAttn);
    let mixed = plan.flashAttn
      ? this.flashAttention(q, kCache, vCache)
      : this.plainAttention(q, kCache, vCache);
    graph.expand(mixed);
    if (this.vRotation !== null) mixed = rotated(mixed, this.vRotation);
    return this.product(weights.attn_output, mixed, n_embd);
  }

  private heads(of: GraphWeight | undefined, normed: GraphTensor, count: number): GraphTensor {
    const { head_size } = this.plan.shape;
    return view(this.product(of, normed, count * head_size), [head_size, count, this.plan.nTokens]);
  }

  private rope(tensor: GraphTensor, { weights }: GraphLayer): GraphTensor {
    const sources = [tensor, this.positions];
    if (weights.rope_freqs !== undefined) sources.push(this.factors(weights.rope_freqs));
    return op("rope", tensor.ne, sources);
  }

  private factors(of: GraphWeight): GraphTensor {
    const factors = this.ropeFactors.get(of.home) ?? weight(of);
    this.ropeFactors.set(of.home, factors);
    return factors;
  }

  private cache({ kvHome }: GraphLayer, type: KvCacheType, width: number): GraphTensor {
    return graphTensor("none", type, [width, this.plan.nCtx], { home: kvHome });
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

  private flashAttention(q: GraphTensor, k: GraphTensor, v: GraphTensor): GraphTensor {
    const { shape, nTokens, flashAttnScratch } = this.plan;
    const { head_size, n_heads } = shape;
    const byHead = (cache: GraphTensor) => asHalf(this.byHead(cache));
    const mixed = graphTensor("flash_attn", "f32", [head_size, n_heads, nTokens], {
      sources: [this.queries(q), byHead(k), byHead(v), this.mask],
      scratchBytes: flashAttnScratch,
    });
    return view(mixed, [head_size * n_heads, nTokens]);
  }

  /** The cache head by head; the rows of several heads lie apart. */
  private byHead(cache: GraphTensor): GraphTensor {
    const { shape, nCtx } = this.plan;
    const { head_size, n_kv_heads } = shape;
    const rows = view(cache, [head_size, n_kv_heads, nCtx]);
    return view(rows, [head_size, nCtx, n_kv_heads], n_kv_heads > 1);
  }

  private queries(q: GraphTensor): GraphTensor {
    const [head = 1, heads = 1, tokens = 1] = q.ne;
    return view(view(q, [head, heads, tokens]), [head, tokens, heads], true);
  }

  private plainAttention(q: GraphTensor, k: GraphTensor, v: GraphTensor): GraphTensor {
    const { shape, nTokens, nCtx, kvOffload, host } = this.plan;
    const { head_size, n_heads, n_kv_heads } = shape;
    const keys = this.byHead(k);
    const values = view(
      view(v, [nCtx, n_kv_heads, head_size]),
      [nCtx, head_size, n_kv_heads],
      true,
    );
    const scores = op("mul_mat", [nCtx, nTokens, n_heads], [keys, this.queries(q)]);
    const weights = op("soft_max", scores.ne, [scores, this.mask]);
    const mixed = op("mul_mat", [head_size, nTokens, n_heads], [values, weights]);
    const byToken = view(mixed, [head_size, n_heads, nTokens], true);
    const joined = op("cont", [head_size * n_heads, nTokens], [byToken]);
    if (!kvOffload) joined.backend = host;
    return joined;
  }

  private feedForward({ weights }: GraphLayer, normed: GraphTensor): GraphTensor {
    const { n_ff, n_embd } = this.plan.shape;
    const up = this.product(weights.ffn_up, normed, n_ff);
    const gate = this.product(weights.ffn_gate, normed, n_ff);
    return this.product(weights.ffn_down, op("glu", gate.ne, [gate, up]), n_embd);
  }

  private product(of: GraphWeight | undefined, tensor: GraphTensor, width: number): GraphTensor {
    return op("mul_mat", [width, this.plan.nTokens], of ? [weight(of), tensor] : [tensor]);
  }

  private norm(tensor: GraphTensor, by: GraphWeight | undefined, home: number | null): GraphTensor {
    if (by === undefined) return tensor;
    const normed = op("rms_norm", tensor.ne, [tensor]);
    if (this.plan.pinNorms && home !== null) normed.backend = home;
    return op("mul", tensor.ne, [normed, weight(by)]);
  }
}

function input(type: GgmlTypeName, ne: readonly number[]): GraphTensor {
  return graphTensor("none", type, ne, { input: true });
}

function op(name: GraphOp, ne: readonly number[], sources: GraphTensor[]): GraphTensor {
  return graphTensor(name, "f32", ne, { sources });
}

/** Flash attention reads no F32 cache: it is copied. */
function asHalf(cache: GraphTensor): GraphTensor {
  if (cache.type !== "f32") return cache;
  const copy = graphTensor("copy", "f16", cache.ne, { sources: [cache] });
  // As ggml_cast refers to its own result.
  copy.sources.push(copy);
  return copy;
}

function weight({ type, dims, home }: GraphWeight): GraphTensor {
  return graphTensor("none", type, dims, { home, weights: true });
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
  const rows = view(tensor, [size, tensor.ne.reduce((product, n) => product * n, 1) / size]);
  return view(op("mul_mat", rows.ne, [rotation, rows]), tensor.ne);
}
