/**
 * The compute graph that llama.cpp builds for one batch of a model whose architecture llmbench knows (src/models,
 * src/llama-graph.cpp, v0.4.0): layer by layer, what mixes tokens and what feeds forward.
 */
import { traitsOf } from "../../gguf/architectures.ts";
import { Batch, type GraphLayer, type GraphPlan } from "./batch.ts";
import { compressedAttention } from "./compressedAttention.ts";
import { deltaNet } from "./deltaNet.ts";
import { feedForward } from "./feedForward.ts";
import { input, op, weight } from "./graphParts.ts";
import { view, type Graph, type GraphOp, type GraphTensor } from "./graphTensor.ts";
import type { GraphTraits } from "./graphTraits.ts";
import { headAttention } from "./headAttention.ts";
import { latentAttention } from "./latentAttention.ts";
import { layerEmbeddings, withLayerEmbedding } from "./layerEmbeddings.ts";
import { mamba2 } from "./mamba2.ts";
import { shortConvolution } from "./shortConvolution.ts";
import { joinedStreams, mixedStreams, spreadOver } from "./streams.ts";

export function llamaGraph(plan: GraphPlan): Graph {
  return new GraphBuilder(plan).build();
}

const logitSteps = {
  scaled: ["scale"],
  capped: ["scale", "unary", "scale"],
} as const satisfies Record<NonNullable<GraphTraits["logits"]>, readonly GraphOp[]>;

class GraphBuilder {
  private readonly batch: Batch;
  /** What an indexer chose, for the layers behind it. */
  private chosen: GraphTensor | null = null;

  constructor(plan: GraphPlan) {
    this.batch = new Batch(plan);
  }

  build(): Graph {
    const { batch } = this;
    const { graph, plan } = batch;
    const { scaledLayers } = traitsOf(plan.shape.architecture);
    let current = this.streams(this.embedded());
    const ofLayers = layerEmbeddings(batch, current);
    for (const [index, layer] of plan.layers.entries()) {
      const isLast = index === plan.layers.length - 1;
      current = this.layer(layer, current, isLast);
      if (ofLayers !== null) current = withLayerEmbedding(batch, layer, current, ofLayers);
      const scale = layer.weights["layer_output_scale.weight"];
      if (scaledLayers && scale !== undefined)
        current = op("mul", current.ne, [current, weight(scale)]);
    }
    graph.expand(this.logits(current));
    return graph;
  }

  private embedded(): GraphTensor {
    const { graph, plan, traits } = this.batch;
    const { shape, nTokens } = plan;
    const rows = [shape.n_embd, nTokens];
    const found = op("get_rows", rows, [weight(plan.embeddings), this.batch.tokens]);
    graph.expand(found);
    // Embeddings may be given instead of tokens: the input is there either way.
    graph.expand(input("f32", rows));
    if (traits.scalesEmbeddings === undefined) return found;
    const scaled = op("scale", rows, [found]);
    if (traits.scalesEmbeddings === "at once") graph.expand(scaled);
    return scaled;
  }

  /** Beside each other, where the model has several. */
  private streams(embedded: GraphTensor): GraphTensor {
    const { batch } = this;
    const { shape, nTokens } = batch.plan;
    const { hyper_connections: streams, n_embd } = shape;
    if (streams === undefined) return embedded;
    batch.graph.expand(batch.windowMask);
    const ne = [n_embd, streams.count, nTokens];
    return op("repeat", ne, [view(embedded, [n_embd, 1, nTokens])]);
  }

  /** Of several streams, each part of a layer is given a mix, and gives to all. */
  private streamedLayer(layer: GraphLayer, streams: GraphTensor): GraphTensor {
    const { batch } = this;
    const { graph } = batch;
    const { weights, home } = layer;
    const before = mixedStreams(batch, weights, "hc_attn", streams);
    const normed = batch.norm(before.given, weights["attn_norm.weight"], home);
    const attended = spreadOver(batch, this.mixed(layer, normed), streams, before);
    const between = mixedStreams(batch, weights, "hc_ffn", attended);
    const { given, post, comb } = between;
    // The mix comes with the first of them.
    for (const tensor of [attended, post, comb]) graph.expand(tensor);
    const fed = this.fed(layer, batch.norm(given, weights["ffn_norm.weight"], home), given);
    return spreadOver(batch, fed, attended, between);
  }

  private layer(layer: GraphLayer, given: GraphTensor, isLast: boolean): GraphTensor {
    const { batch } = this;
    if (batch.plan.shape.hyper_connections !== undefined) return this.streamedLayer(layer, given);
    const { traits, plan } = batch;
    const { weights, home } = layer;
    const { postNorms, normedAfterAttention } = traitsOf(plan.shape.architecture);
    const normed = batch.norm(given, weights["attn_norm.weight"], home);
    if (plan.shape.recurrent?.kind === "delta_net") batch.graph.expand(normed);
    // A layer that is one thing alone has one norm.
    if (layer.mixer === null)
      return this.sum(this.fed(layer, normed, given), given, "feed-forward");
    let mixed = this.mixed(layer, normed);
    let residual = given;
    if (isLast && traits.picks === undefined) {
      mixed = op("get_rows", mixed.ne, [mixed, batch.outputs]);
      residual = op("get_rows", given.ne, [given, batch.outputs]);
    }
    const after = weights["post_attention_norm.weight"];
    if (postNorms) mixed = batch.norm(mixed, after, home);
    const sum = this.sum(mixed, residual, "mixer");
    if (layer.feedForward === null) return sum;
    const before = normedAfterAttention ? after : weights["ffn_norm.weight"];
    const fed = this.fed(layer, batch.norm(sum, before, home), sum);
    const scaled = postNorms ? batch.norm(fed, weights["post_ffw_norm.weight"], null) : fed;
    return this.sum(scaled, sum, "feed-forward");
  }

  private fed(layer: GraphLayer, normed: GraphTensor, sum: GraphTensor): GraphTensor {
    return feedForward(this.batch, layer, normed, sum);
  }

  private sum(part: GraphTensor, given: GraphTensor, what: "mixer" | "feed-forward"): GraphTensor {
    const { scalesParts, secondOperand } = this.batch.traits;
    const scaled = scalesParts ? op("scale", part.ne, [part]) : part;
    const second = secondOperand?.includes(what) === true;
    return op("add", part.ne, second ? [given, scaled] : [scaled, given]);
  }

  private mixed(layer: GraphLayer, normed: GraphTensor): GraphTensor {
    const { batch } = this;
    switch (layer.mixer) {
      case "attention":
        return headAttention(batch, layer, normed);
      case "latent": {
        const { mixed, chosen } = latentAttention(batch, layer, normed, this.chosen);
        this.chosen = chosen;
        return mixed;
      }
      case "recurrent":
        return this.recurred(layer, normed);
      case "compressed":
        return compressedAttention(batch, layer, normed);
      case null:
        throw new RangeError("a layer without a mixer mixes nothing");
      default:
        return layer.mixer satisfies never;
    }
  }

  private recurred(layer: GraphLayer, normed: GraphTensor): GraphTensor {
    const { batch } = this;
    const { recurrent } = batch.plan.shape;
    switch (recurrent?.kind) {
      case "delta_net":
        return deltaNet(batch, layer, normed, recurrent);
      case "mamba2":
        return mamba2(batch, layer, normed, recurrent);
      case "short_convolution":
        return shortConvolution(batch, layer, normed, recurrent.conv_kernel);
      case undefined:
        throw new RangeError("a recurrent layer of a shape without any");
      default:
        return recurrent satisfies never;
    }
  }

  private logits(current: GraphTensor): GraphTensor {
    const { plan, traits } = this.batch;
    const { shape, nTokens } = plan;
    const norm = this.lastNorm(current);
    norm.output = true;
    let logits: GraphTensor = op("mul_mat", [shape.n_vocab, nTokens], [weight(plan.output), norm]);
    const further = traits.logits === undefined ? [] : logitSteps[traits.logits];
    for (const step of further) logits = op(step, logits.ne, [logits]);
    logits.output = true;
    return logits;
  }

  private joined(streams: GraphTensor): GraphTensor {
    const { plan, outputs } = this.batch;
    const [width = 1, count = 1, tokens = 1] = streams.ne;
    const flat = view(streams, [width * count, tokens]);
    const picked = op("get_rows", flat.ne, [flat, outputs]);
    return joinedStreams(plan.others, view(picked, streams.ne));
  }

  /** What tokens are picked from is kept: layers that predict further tokens would go on with it. */
  private lastNorm(current: GraphTensor): GraphTensor {
    const { batch } = this;
    const { plan, traits, outputs } = batch;
    const picked = (all: GraphTensor) => {
      all.output = true;
      return op("get_rows", all.ne, [all, outputs]);
    };
    const norm = (all: GraphTensor) => batch.norm(all, plan.outputNorm, null);
    if (plan.shape.hyper_connections !== undefined) return norm(this.joined(current));
    switch (traits.picks) {
      case "before the last norm":
        return norm(picked(current));
      case "behind the last norm":
        return picked(norm(current));
      case undefined:
        return norm(current);
      default:
        return traits.picks satisfies never;
    }
  }
}
