/** Gated delta nets, as devices compute them in one operation (src/models/qwen35.cpp, qwen3next.cpp, delta-net-base.cpp, v0.4.0). */
import { deltaNetWidths, type RecurrentShape } from "../../gguf/recurrentShape.ts";
import type { Batch, GraphLayer } from "./batch.ts";
import { biased, op, product, weight } from "./graphParts.ts";
import { slice, view, type GraphTensor } from "./graphTensor.ts";
import { convolutionRows, convolved, readState, stateOf, writeState } from "./recurrentState.ts";

type DeltaNet = Extract<RecurrentShape, { kind: "delta_net" }>;

export function deltaNet(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  recurrent: DeltaNet,
): GraphTensor {
  const { n_embd, architecture } = batch.plan.shape;
  const { nTokens } = batch.plan;
  const { weights, home } = layer;
  const { head_size: size, key_heads, value_heads, conv_kernel } = recurrent;
  const { keys, values } = deltaNetWidths(recurrent);
  const width = 2 * keys + values;
  const mixed = view(product(weights, "attn_qkv", normed, width), [width, nTokens]);
  const rows = convolutionRows(batch, layer, conv_kernel, view(mixed, [nTokens, width], true));
  const state = stateOf(layer, size * size * value_heads);
  const remembered = view(readState(batch, state), [size, size, value_heads]);
  const filtered = convolved(rows, layer, "ssm_conv1d", nTokens);
  const active = op("unary", filtered.ne, [filtered]);
  const part = (heads: number) => slice(active, [size, heads, nTokens]);
  const normedPart = () => op("l2_norm", [size, key_heads, nTokens], [part(key_heads)]);
  // Qwen3-Next repeats keys for all heads of values, where others leave that to the operation.
  const repeats = architecture === "qwen3next" && key_heads !== value_heads;
  const shared = (tensor: GraphTensor) => (repeats ? repeated(tensor, recurrent) : tensor);
  const [q, k] = [shared(normedPart()), shared(normedPart())];
  const { decay, rate } =
    architecture === "qwen3next"
      ? joinedRates(batch, layer, normed, recurrent)
      : rates(batch, layer, normed, value_heads);
  const result = op(
    "delta_net",
    [size * value_heads, nTokens + size],
    [q, k, part(value_heads), decay, rate, remembered],
  );
  // Results of all tokens, and behind them the new state.
  writeState(batch, view(result, [size, size, value_heads]), state);
  const heads = [size, value_heads, nTokens];
  const output = batch.norm(view(result, heads), weights["ssm_norm.weight"], home);
  const gate = view(product(weights, "attn_gate", normed, values), heads);
  const gated = op("mul", heads, [output, op("unary", heads, [gate])]);
  const joined = view(gated, [values, nTokens]);
  return view(product(weights, "ssm_out", joined, n_embd), [n_embd, nTokens]);
}

interface Rates {
  /** By how much each head forgets. */
  readonly decay: GraphTensor;
  /** How much of a token each head learns. */
  readonly rate: GraphTensor;
}

function rates(batch: Batch, layer: GraphLayer, normed: GraphTensor, heads: number): Rates {
  const { nTokens } = batch.plan;
  const learned = view(product(layer.weights, "ssm_beta", normed, heads), [1, heads, nTokens]);
  const forgotten = view(product(layer.weights, "ssm_alpha", normed, heads), [heads, nTokens]);
  return {
    decay: view(decayOf(layer, forgotten), [1, heads, nTokens]),
    rate: op("unary", learned.ne, [learned]),
  };
}

function joinedRates(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  { key_heads, value_heads }: DeltaNet,
): Rates {
  const { nTokens } = batch.plan;
  const each = value_heads / key_heads;
  const both = product(layer.weights, "ssm_ba", normed, 2 * value_heads);
  const byHead = view(both, [2 * each, key_heads, nTokens]);
  const half = () => slice(byHead, [each, key_heads, nTokens], 2 * each);
  const learned = op("cont", [each, key_heads, nTokens], [half()]);
  const forgotten = op("cont", [value_heads, nTokens], [half()]);
  const ne = [1, value_heads, nTokens];
  return {
    decay: view(decayOf(layer, forgotten), ne),
    rate: view(op("unary", learned.ne, [learned]), ne),
  };
}

function decayOf({ weights }: GraphLayer, given: GraphTensor): GraphTensor {
  const stepped = biased(given, weights["ssm_dt.bias"]);
  const positive = op("unary", stepped.ne, [stepped]);
  const decay = weights["ssm_a"];
  return op("mul", positive.ne, [positive, ...(decay ? [weight(decay)] : [])]);
}

function repeated(
  tensor: GraphTensor,
  { head_size, key_heads, value_heads }: DeltaNet,
): GraphTensor {
  const [, , nTokens = 1] = tensor.ne;
  const each = value_heads / key_heads;
  const apart = view(tensor, [head_size, 1, key_heads, nTokens]);
  const all = op("repeat", [head_size, each, key_heads, nTokens], [apart]);
  return view(all, [head_size, value_heads, nTokens]);
}
