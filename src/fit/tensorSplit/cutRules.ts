/** Along which dimension llama.cpp cuts a tensor that devices share (llama_meta_device_get_split_state, src/llama-model.cpp, v0.4.0). */

/** Each device has all of the tensor, or a slice along one of its dimensions. */
type CutRule =
  | { readonly kind: "whole" }
  | {
      readonly kind: "cut";
      /** Of the tensor's dimensions, from 0. */
      readonly axis: 0 | 1 | 2;
      /** The first of these tensors of the layer, by whose type slices begin; the tensor itself where there are none. */
      readonly alignedTo: readonly string[];
    };

const whole: CutRule = { kind: "whole" };

function along(axis: 0 | 1 | 2, ...alignedTo: readonly string[]): CutRule {
  return { kind: "cut", axis, alignedTo };
}

const attention = ["attn_output.weight", "ssm_out.weight"];
const feedForward = ["ffn_down.weight", "ffn_down_exps.weight"];

/** By the name in the layer, `attn_q.weight`, the first pattern that fits; the rest stands whole on each device. */
const layerRules: readonly (readonly [RegExp, CutRule])[] = [
  [/^attn_(?:q|k|v|qkv)\.weight$/u, along(1, ...attention)],
  [/^attn_(?:q|k|v|qkv)\.bias$/u, along(0, ...attention)],
  [/^attn_sinks\.weight$/u, along(0, "attn_output.weight")],
  [/^attn_output\.weight$/u, along(0)],
  [/^attn_gate\.weight$/u, along(1, ...attention)],
  [/^ssm_(?:dt\.bias|a)$/u, along(0, "ssm_out.weight")],
  [/^ssm_(?:alpha|beta|ba)\.weight$/u, along(1, "ssm_out.weight")],
  [/^ssm_conv1d\.weight$/u, along(1, "ssm_out.weight")],
  [/^ssm_out\.weight$/u, along(0)],
  [/^ffn_(?:up|gate|gate_up)(?:_exps)?\.weight$/u, along(1, ...feedForward)],
  [/^ffn_(?:up|gate)(?:_exps)?\.bias$/u, along(0, ...feedForward)],
  [/^ffn_down(?:_exps)?\.weight$/u, along(0, ...feedForward)],
];

/** DeepSeek-V4's own, which come before the others. */
const groupedRules: readonly (readonly [RegExp, CutRule])[] = [
  [/^attn_sinks\.weight$/u, along(0, "attn_output_a.weight")],
  [/^attn_q_b\.weight$/u, along(1, "attn_output_a.weight")],
  [/^attn_output_a\.weight$/u, along(2)],
  [/^attn_output_b\.weight$/u, along(0)],
  [/^ffn_(?:up|gate)_shexp\.weight$/u, along(1, "ffn_down_shexp.weight")],
  [/^ffn_down_shexp\.weight$/u, along(0, "ffn_down_shexp.weight")],
];

const perHeadNorm = /^attn_[qk]_norm\.weight$/u;

/**
 * @param name in its layer; of a tensor of no layer the whole name
 * @param grouped DeepSeek-V4, whose attention's output is projected in groups of heads
 */
export function cutRule(name: string, dims: readonly number[], grouped: boolean): CutRule {
  // Embeddings that stand for the output layer too keep their name, and so stay whole.
  if (name === "output.weight") return grouped ? whole : along(1);
  if (name === "output.bias") return along(0);
  // One norm for each head, or one for all of them.
  if (perHeadNorm.test(name)) return (dims[1] ?? 1) === 1 ? whole : along(1, "attn_output.weight");
  const rules = grouped ? [...groupedRules, ...layerRules] : layerRules;
  return rules.find(([pattern]) => pattern.test(name))?.[1] ?? whole;
}
