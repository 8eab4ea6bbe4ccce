/** The feed-forward part of a layer: dense, or a mixture of experts, or both (build_ffn, src/llama-graph.cpp, and src/models, v0.4.0). */
import { traitsOf } from "../../gguf/architectures.ts";
import { sharedWidth } from "../../gguf/modelShape.ts";
import type { Batch, GraphLayer } from "./batch.ts";
import { op, product, weight, type LayerWeights } from "./graphParts.ts";
import type { GraphTensor } from "./graphTensor.ts";
import { mixture, routerLogits, squaredRelu } from "./mixture.ts";

/** @param sum what the mixer left, before `normed` was made of it */
export function feedForward(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  sum: GraphTensor,
): GraphTensor {
  const { architecture } = batch.plan.shape;
  if (layer.feedForward !== "experts") return dense(batch, layer, normed);
  return traitsOf(architecture).experts?.besideDense
    ? besideDense(batch, layer, normed, sum)
    : withShared(batch, layer, normed);
}

function dense(
  batch: Batch,
  { weights, denseWidth }: GraphLayer,
  normed: GraphTensor,
): GraphTensor {
  return denseFeedForward(batch, weights, normed, denseWidth);
}

function denseFeedForward(
  { plan }: Batch,
  weights: LayerWeights,
  normed: GraphTensor,
  width: number,
  suffix = "",
): GraphTensor {
  const { fused, ungated } = traitsOf(plan.shape.architecture);
  const [embedding = 1] = normed.ne;
  const inner = [width, ...normed.ne.slice(1)];
  const down = (active: GraphTensor) => product(weights, `ffn_down${suffix}`, active, embedding);
  const up = product(weights, `ffn_up${suffix}`, normed, fused ? 2 * width : width);
  if (fused) return down(op("glu", inner, [up]));
  if (ungated) return down(squaredRelu(up));
  return down(op("glu", inner, [product(weights, `ffn_gate${suffix}`, normed, width), up]));
}

/** Experts that every token goes through come beside those that it chooses. */
function withShared(batch: Batch, layer: GraphLayer, normed: GraphTensor): GraphTensor {
  const { shape } = batch.plan;
  const { weights } = layer;
  const logits = routerLogits(batch, layer, normed);
  const { latent } = shape.experts ?? {};
  const given = latent === undefined ? normed : product(weights, "ffn_latent_down", normed, latent);
  const mixed = mixture(batch, layer, { given, logits });
  const chosen =
    latent === undefined ? mixed : product(weights, "ffn_latent_up", mixed, shape.n_embd);
  const width = shape.experts === undefined ? 0 : sharedWidth(shape.experts);
  if (width === 0) return chosen;
  const shared = denseFeedForward(batch, weights, normed, width, "_shexp");
  const gate = weights["ffn_gate_inp_shexp.weight"];
  if (gate === undefined) return op("add", chosen.ne, [chosen, shared]);
  const [, tokens = 1] = normed.ne;
  const open = op("unary", [1, tokens], [op("mul_mat", [1, tokens], [weight(gate), normed])]);
  return op("add", chosen.ne, [chosen, op("mul", shared.ne, [shared, open])]);
}

/** Gemma 4: the dense part and the mixture each have norms of their own, and the router looks past them. */
function besideDense(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  sum: GraphTensor,
): GraphTensor {
  const { weights, home } = layer;
  const alone = batch.norm(dense(batch, layer, normed), weights["post_ffw_norm_1.weight"], home);
  const given = batch.norm(sum, weights["pre_ffw_norm_2.weight"], home);
  const scaled = op("scale", sum.ne, [op("rms_norm", sum.ne, [sum])]);
  const scale = weights["ffn_gate_inp.scale"];
  const looked = scale === undefined ? scaled : op("mul", sum.ne, [scaled, weight(scale)]);
  const logits = routerLogits(batch, layer, looked);
  const mixed = mixture(batch, layer, { given, logits });
  const chosen = batch.norm(mixed, weights["post_ffw_norm_2.weight"], home);
  return op("add", sum.ne, [alone, chosen]);
}
