/** A mixture of experts (build_moe_ffn, src/llama-graph.cpp, v0.4.0). */
import { traitsOf } from "../../gguf/architectures.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";
import type { Batch, GraphLayer } from "./batch.ts";
import { biased, op, product, weight, type LayerWeights } from "./graphParts.ts";
import { graphTensor, slice, view, type GraphTensor, type GraphWeight } from "./graphTensor.ts";

type Experts = NonNullable<ModelShape["experts"]>;

/** What experts are given, and what they are chosen by. */
export interface MixtureInputs {
  readonly given: GraphTensor;
  /** Scores of all experts. */
  readonly logits: GraphTensor;
}

export function routerLogits(
  { plan }: Batch,
  { weights }: GraphLayer,
  normed: GraphTensor,
): GraphTensor {
  return product(weights, "ffn_gate_inp", normed, plan.shape.experts?.count ?? 1);
}

export function mixture(
  batch: Batch,
  layer: GraphLayer,
  { given, logits }: MixtureInputs,
): GraphTensor {
  const { weights } = layer;
  const { graph, plan, traits } = batch;
  const { used = 1, n_ff = 1 } = plan.shape.experts ?? {};
  const [width = 1, tokens = 1] = given.ne;
  const { chosen, shares } = route(batch, layer, logits);
  graph.expand(shares);
  const byToken = view(given, [width, 1, tokens]);
  const entering = traits.weightsBefore
    ? op("mul", [width, used, tokens], [op("repeat", [width, used, tokens], [byToken]), shares])
    : byToken;
  const expert = (name: string, tensor: GraphTensor, ne: readonly number[]) =>
    expertProduct(weights, name, tensor, ne, chosen);
  const inner = [n_ff, used, tokens];
  const active = activated(weights, entering, inner, expert);
  const down = expert("ffn_down_exps", active, [width, used, tokens]);
  const experts = traits.weightsBefore ? down : op("mul", down.ne, [down, shares]);
  graph.expand(experts);
  return summed(batch, experts);
}

/** By a gate, if there is one: beside the input, or in one matrix with it. */
function activated(
  weights: LayerWeights,
  entering: GraphTensor,
  inner: readonly number[],
  expert: (name: string, tensor: GraphTensor, ne: readonly number[]) => GraphTensor,
): GraphTensor {
  const [width = 1, used = 1, tokens = 1] = inner;
  if (weights["ffn_gate_up_exps.weight"] !== undefined) {
    const both = expert("ffn_gate_up_exps", entering, [2 * width, used, tokens]);
    return op("glu", inner, [slice(both, inner), slice(both, inner)]);
  }
  const up = expert("ffn_up_exps", entering, inner);
  if (weights["ffn_gate_exps.weight"] === undefined) return squaredRelu(up);
  return op("glu", inner, [expert("ffn_gate_exps", entering, inner), up]);
}

export function squaredRelu(tensor: GraphTensor): GraphTensor {
  return op("sqr", tensor.ne, [op("unary", tensor.ne, [tensor])]);
}

/** What the experts say, added up. */
function summed({ graph }: Batch, experts: GraphTensor): GraphTensor {
  const [width = 1, used = 1, tokens = 1] = experts.ne;
  const ne = [width, tokens];
  const each = Array.from({ length: used }, () => slice(experts, ne));
  for (const one of each) graph.expand(one);
  let [sum = experts] = each;
  for (const one of each.slice(1)) {
    sum = op("add", ne, [sum, one]);
    graph.expand(sum);
  }
  return used === 1 ? op("cont", ne, [sum]) : sum;
}

interface Routing {
  /** Which experts each token goes through. */
  readonly chosen: GraphTensor;
  /** How much each of them counts. */
  readonly shares: GraphTensor;
}

function route(batch: Batch, { weights }: GraphLayer, logits: GraphTensor): Routing {
  const { plan, traits } = batch;
  const { architecture, experts } = plan.shape;
  const { used = 1 } = experts ?? {};
  const [count = 1, tokens = 1] = logits.ne;
  const afterwards = architecture === "gpt-oss";
  const sigmoid =
    traits.plainShares === true || traitsOf(architecture).experts?.gating !== undefined;
  const soft = sigmoid ? "unary" : "soft_max";
  const softened = afterwards ? logits : op(soft, logits.ne, [logits]);
  // DeepSeek-V4's are square roots, and its first layers go by the token.
  const rooted = architecture === "deepseek4";
  const probabilities = rooted ? op("sqrt", logits.ne, [softened]) : softened;
  const table = weights["ffn_gate_tid2eid.weight"];
  // Llama 4 chooses by the scores themselves.
  const scores = traits.weightsBefore ? logits : probabilities;
  const biasedScores = biased(scores, weights["exp_probs_b.bias"]);
  const groups = experts?.groups;
  const choosing = groups === undefined ? biasedScores : ofBestGroups(biasedScores, groups);
  const chosen =
    table === undefined
      ? slice(argsort(choosing), [used, tokens])
      : graphTensor("get_rows", "i32", [used, tokens], [weight(table), batch.tokens]);
  const each = view(probabilities, [1, count, tokens]);
  const picked = op("get_rows", [1, used, tokens], [each, chosen]);
  if (traits.plainShares) return { chosen, shares: picked };
  const flat = view(picked, [used, tokens]);
  const shares = afterwards ? op("soft_max", flat.ne, [flat]) : normalized(flat, tokens);
  const shown = view(shares, [1, used, tokens]);
  const scaled = experts?.weights_scale === undefined ? shown : op("scale", shown.ne, [shown]);
  return { chosen, shares: scaled };
}

/** Scores of the experts in the groups whose two best experts are the best; those of the others are nothing. */
function ofBestGroups(
  scores: GraphTensor,
  { count: groups, used }: NonNullable<Experts["groups"]>,
): GraphTensor {
  const [count = 1, tokens = 1] = scores.ne;
  const each = count / groups;
  const grouped = view(scores, [each, groups, tokens]);
  const best = slice(argsort(grouped), [2, groups, tokens]);
  const apart = view(grouped, [1, each, groups, tokens]);
  const bestTwo = op("get_rows", [1, 2, groups, tokens], [apart, best]);
  const sums = op("sum_rows", [1, groups, tokens], [view(bestTwo, [2, groups, tokens])]);
  const chosen = slice(argsort(view(sums, [groups, tokens])), [used, tokens]);
  const kept = op("get_rows", [each, used, tokens], [grouped, chosen]);
  const nothing = op("fill", grouped.ne, [grouped]);
  const masked = graphTensor("set_rows", "f32", grouped.ne, [kept, chosen, nothing], {
    viewOf: nothing,
  });
  return view(masked, scores.ne);
}

function argsort(scores: GraphTensor): GraphTensor {
  return graphTensor("argsort", "i32", scores.ne, [scores]);
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
  const scale = weights[`${name}.scale`];
  const scaled = scale === undefined ? multiplied : scaledByExpert(multiplied, scale, chosen);
  const bias = weights[`${name}.bias`];
  return bias ? op("add_id", ne, [scaled, weight(bias), chosen]) : scaled;
}

/** What each expert gives, by a factor of its own. */
function scaledByExpert(given: GraphTensor, scale: GraphWeight, chosen: GraphTensor): GraphTensor {
  const [, used = 1, tokens = 1] = given.ne;
  const [count = 1] = scale.dims;
  const rows = view(weight(scale), [1, count, 1]);
  const repeated = op("repeat", [1, count, tokens], [rows]);
  const factors = op("get_rows", [1, used, tokens], [repeated, chosen]);
  return op("mul", given.ne, [given, factors]);
}
