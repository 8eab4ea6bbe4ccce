/** The feed-forward part of a layer: dense, or a mixture of experts (build_ffn, build_moe_ffn, src/llama-graph.cpp, v0.4.0). */
import { traitsOf } from "../../gguf/architectures.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";
import { biased, op, product, weight, type LayerWeights } from "./graphParts.ts";
import { graphTensor, slice, view, type Graph, type GraphTensor } from "./graphTensor.ts";

export function denseFeedForward(
  weights: LayerWeights,
  normed: GraphTensor,
  width: number,
  suffix = "",
): GraphTensor {
  const up = product(weights, `ffn_up${suffix}`, normed, width);
  const gate = product(weights, `ffn_gate${suffix}`, normed, width);
  const [embedding = 1] = normed.ne;
  return product(weights, `ffn_down${suffix}`, op("glu", gate.ne, [gate, up]), embedding);
}

export function mixture(
  graph: Graph,
  shape: ModelShape,
  weights: LayerWeights,
  normed: GraphTensor,
): GraphTensor {
  const { count = 1, used = 1, n_ff = 1, shared = 0 } = shape.experts ?? {};
  const [embedding = 1, tokens = 1] = normed.ne;
  const { chosen, shares } = route(shape, weights, normed, count, used);
  graph.expand(shares);
  const byToken = view(normed, [embedding, 1, tokens]);
  const chosenOf = (name: string, tensor: GraphTensor, width: number) =>
    expertProduct(weights, name, tensor, [width, used, tokens], chosen);
  const up = chosenOf("ffn_up_exps", byToken, n_ff);
  const gate = chosenOf("ffn_gate_exps", byToken, n_ff);
  const down = chosenOf("ffn_down_exps", op("glu", gate.ne, [gate, up]), embedding);
  const experts = op("mul", down.ne, [down, shares]);
  graph.expand(experts);
  const each = Array.from({ length: used }, () => slice(experts, [embedding, tokens]));
  for (const one of each) graph.expand(one);
  let [sum = experts] = each;
  for (const one of each.slice(1)) {
    sum = op("add", [embedding, tokens], [sum, one]);
    graph.expand(sum);
  }
  if (used === 1) sum = op("cont", [embedding, tokens], [sum]);
  if (shared === 0) return sum;
  const beside = denseFeedForward(weights, normed, shared * n_ff, "_shexp");
  return op("add", sum.ne, [sum, beside]);
}

interface Routing {
  /** Which experts each token goes through. */
  readonly chosen: GraphTensor;
  /** How much each of them counts. */
  readonly shares: GraphTensor;
}

function route(
  { architecture }: ModelShape,
  weights: LayerWeights,
  normed: GraphTensor,
  count: number,
  used: number,
): Routing {
  const tokens = normed.ne[1] ?? 1;
  const logits = product(weights, "ffn_gate_inp", normed, count);
  const afterwards = architecture === "gpt-oss";
  const sigmoid = traitsOf(architecture).experts?.gating !== undefined;
  const soft = sigmoid ? "unary" : "soft_max";
  const probabilities = afterwards ? logits : op(soft, logits.ne, [logits]);
  const choosing = biased(probabilities, weights["exp_probs_b.bias"]);
  const sorted = graphTensor("argsort", "i32", [count, tokens], { sources: [choosing] });
  const chosen = slice(sorted, [used, tokens]);
  const each = view(probabilities, [1, count, tokens]);
  const picked = op("get_rows", [1, used, tokens], [each, chosen]);
  const flat = view(picked, [used, tokens]);
  const shares = afterwards ? op("soft_max", flat.ne, [flat]) : normalized(flat, tokens);
  return { chosen, shares: view(shares, [1, used, tokens]) };
}

function normalized(shares: GraphTensor, tokens: number): GraphTensor {
  const sum = op("sum_rows", [1, tokens], [shares]);
  const clamped = op("clamp", sum.ne, [sum]);
  return op("div", shares.ne, [shares, clamped]);
}

function expertProduct(
  weights: LayerWeights,
  name: string,
  tensor: GraphTensor,
  ne: readonly number[],
  chosen: GraphTensor,
): GraphTensor {
  const of = weights[`${name}.weight`];
  const multiplied = op("mul_mat_id", ne, of ? [weight(of), tensor, chosen] : [tensor, chosen]);
  const bias = weights[`${name}.bias`];
  return bias ? op("add_id", ne, [multiplied, weight(bias), chosen]) : multiplied;
}
