/** One batch on its way through a model: its graph so far, what goes into it, and what every layer is made with. */
import { getOrMake } from "../../base/getOrMake.ts";
import type { KvCacheType } from "../../bench/settings.ts";
import type { LayerHeads, Mixer, ModelShape } from "../../gguf/modelShape.ts";
import { cacheInputs, type CacheForm, type CacheInputs } from "./cacheInputs.ts";
import { compressorInputs, type Compression, type CompressorInputs } from "./compressorInputs.ts";
import { indexerInputs, type IndexerInputs } from "./indexerInputs.ts";
import { input, op, weight, type LayerWeights } from "./graphParts.ts";
import { Graph, graphTensor, type GraphTensor, type GraphWeight } from "./graphTensor.ts";
import { graphTraits, type GraphTraits } from "./graphTraits.ts";

export interface GraphLayer {
  /** In the model, counted from 0. */
  readonly index: number;
  /** The backend of its cache or state: of another layer's, where it reads that one's. */
  readonly kvHome: number;
  /** The backend it was placed on. */
  readonly home: number;
  /** Null where it is a feed-forward part alone. */
  readonly mixer: Mixer | null;
  /** Looks back no further than the window. */
  readonly windowed: boolean;
  readonly heads: LayerHeads;
  /** Reads the cache of a layer before it, and makes neither keys nor values. */
  readonly sharesCache: boolean;
  /** Null where it is a mixer alone. */
  readonly feedForward: "dense" | "experts" | null;
  /** Inner width of its dense part. */
  readonly denseWidth: number;
  readonly weights: LayerWeights;
}

/** Sizes of one layer's attention. */
export interface AttentionSizes {
  readonly nCtx: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** Elements a head. */
  readonly key: number;
  readonly value: number;
  /** Values are read out of the keys' cache, and have none of their own. */
  readonly latent: boolean;
}

export interface GraphPlan {
  readonly shape: ModelShape;
  readonly layers: readonly GraphLayer[];
  readonly embeddings: GraphWeight;
  /** Of tensors without a layer, by name. */
  readonly others: LayerWeights;
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
  /** Elements of the widest layer's values, all heads together: so wide is each in a transposed cache. */
  readonly widestValue: number;
  /** Cells of a cache that stand for so many tokens each. */
  readonly nCells: (tokens: number) => number;
  /** Every device with layers mixes residual streams in operations of their own. */
  readonly fusesStreams: boolean;
  readonly kvOffload: boolean;
  /** Norms stay with their layer instead of following their neighbours. */
  readonly pinNorms: boolean;
  readonly host: number;
  /** Scratch memory of flash attention, by backend. */
  readonly flashAttnScratch: (sizes: AttentionSizes) => readonly number[];
}

export class Batch {
  readonly plan: GraphPlan;
  readonly traits: GraphTraits;
  readonly graph = new Graph();
  /** Indices of the tokens whose logits are wanted. */
  readonly outputs: GraphTensor;
  readonly positions: GraphTensor;
  readonly tokens: GraphTensor;
  /** Which states the sequences have, and those that are merely moved: with one sequence none. */
  readonly stateCopies: { readonly main: GraphTensor; readonly extra: GraphTensor };
  /** By which queries are scaled, token by token. */
  readonly temperatures: GraphTensor;
  private readonly whole: CacheInputs;
  private readonly window: CacheInputs;
  private indexer: IndexerInputs | undefined;
  private readonly compressors = new Map<string, CompressorInputs>();
  private readonly ropeFactors = new Map<number, GraphTensor>();

  constructor(plan: GraphPlan) {
    const { shape, nTokens, nCtx, nCtxWindow } = plan;
    this.plan = plan;
    this.traits = graphTraits(shape.architecture);
    this.outputs = input("i32", [nTokens]);
    this.tokens = input("i32", [nTokens]);
    // Multi-axis rope has four positions a token (n_pos_per_embd).
    this.positions = input("i32", [nTokens * (shape.rope.sections === undefined ? 1 : 4)]);
    this.temperatures = input("f32", [1, 1, nTokens]);
    const copies = input("i32", [1]);
    const viewed = { viewOf: copies };
    this.stateCopies = {
      main: graphTensor("view", "i32", [1], [copies], viewed),
      extra: graphTensor("view", "i32", [0], [copies], viewed),
    };
    this.whole = cacheInputs(cacheForm(plan, nCtx, shape.head_size));
    this.window = cacheInputs(
      cacheForm(plan, nCtxWindow, shape.sliding_window?.head_size ?? shape.head_size),
    );
  }

  cacheOf({ windowed }: GraphLayer): CacheInputs {
    return windowed ? this.window : this.whole;
  }

  get windowMask(): GraphTensor {
    return this.window.mask;
  }

  /** Of the cache by which sparse attention chooses. */
  indexerInputs(): IndexerInputs {
    const { nTokens, nCtx, shape } = this.plan;
    this.indexer ??= indexerInputs(nTokens, nCtx, shape.indexer?.head_size ?? 1);
    return this.indexer;
  }

  compressorInputs(compression: Compression): CompressorInputs {
    const { ratio, indexes } = compression;
    return getOrMake(this.compressors, `${ratio} ${indexes}`, () =>
      compressorInputs(this.plan, this.plan.nCells(ratio), compression),
    );
  }

  /** @param home to stay with; null where it follows its neighbours */
  norm(tensor: GraphTensor, by: GraphWeight | undefined, home: number | null): GraphTensor {
    if (by === undefined) return tensor;
    const normed = op("rms_norm", tensor.ne, [tensor]);
    if (this.plan.pinNorms && home !== null) normed.backend = home;
    return op("mul", tensor.ne, [normed, weight(by)]);
  }

  rope(tensor: GraphTensor, { weights, windowed }: GraphLayer): GraphTensor {
    const sources = [tensor, this.positions];
    const factors = weights["rope_freqs.weight"];
    const others = windowed && this.traits.factorsOutsideWindows;
    if (factors !== undefined && !others) sources.push(this.factors(factors));
    return op("rope", tensor.ne, sources);
  }

  private factors(of: GraphWeight): GraphTensor {
    const factors = this.ropeFactors.get(of.home) ?? weight(of);
    this.ropeFactors.set(of.home, factors);
    return factors;
  }
}

function cacheForm(
  { nTokens, typeK, typeV, flashAttn, transposedV, widestValue }: GraphPlan,
  nCtx: number,
  headSize: number,
): CacheForm {
  return { nTokens, nCtx, typeK, typeV, headSize, flashAttn, transposedV, widestValue };
}
