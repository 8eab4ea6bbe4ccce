/** The tensors of a layer's feed-forward part: dense, or a mixture of experts. */
import { traitsOf } from "../architectures.ts";
import { denseWidth, sharedWidth, type ModelShape } from "../modelShape.ts";
import { bias, kernel, matrix, norm, scale, type Named, type TensorShape } from "./tensorShape.ts";

export function denseTensors(shape: ModelShape, layer: number, name: Named): TensorShape[] {
  return plainTensors(shape, denseWidth(shape, layer), name);
}

function plainTensors(
  { architecture, n_embd }: ModelShape,
  width: number,
  name: Named,
  suffix = "",
): TensorShape[] {
  const { ungated, fused } = traitsOf(architecture);
  return [
    matrix(name(`ffn_down${suffix}`), width, n_embd),
    ...(ungated || fused ? [] : [matrix(name(`ffn_gate${suffix}`), n_embd, width)]),
    matrix(name(`ffn_up${suffix}`), n_embd, fused ? 2 * width : width),
  ];
}

export function mixtureTensors(shape: ModelShape, layer: number, name: Named): TensorShape[] {
  const { architecture, n_embd, experts } = shape;
  if (experts === undefined) throw new RangeError("a shape without experts");
  const { count, n_ff } = experts;
  const traits = traitsOf(architecture).experts;
  const shared = sharedWidth(experts);
  return [
    ...expertTensors(shape, name),
    kernel(name("ffn_gate_inp"), n_embd, count),
    ...(traits?.bias
      ? [
          bias(name("ffn_down_exps"), n_embd, count),
          bias(name("ffn_gate_exps"), n_ff, count),
          bias(name("ffn_up_exps"), n_ff, count),
          bias(name("ffn_gate_inp"), count),
        ]
      : []),
    ...choiceTensors(shape, layer, name),
    ...(shared > 0 ? plainTensors(shape, shared, name, "_shexp") : []),
    ...(traits?.sharedGate ? [kernel(name("ffn_gate_inp_shexp"), n_embd)] : []),
    ...(traits?.besideDense ? besideDenseTensors(shape, layer, name, count) : []),
  ];
}

/** What decides which experts are chosen beside the router: a bias, or a table of tokens in its place. */
function choiceTensors(
  { architecture, n_vocab, experts }: ModelShape,
  layer: number,
  name: Named,
): TensorShape[] {
  const { count = 1, used = 1, hashed = 0 } = experts ?? {};
  if (layer < hashed) {
    const table = `${name("ffn_gate_tid2eid")}.weight`;
    return [{ name: table, dims: [used, n_vocab], role: "choices" }];
  }
  return traitsOf(architecture).experts?.choiceBias ? [bias(name("exp_probs_b"), count)] : [];
}

function expertTensors({ architecture, n_embd, experts }: ModelShape, name: Named): TensorShape[] {
  const { count = 1, n_ff = 1, latent } = experts ?? {};
  const traits = traitsOf(architecture);
  const width = latent ?? n_embd;
  return [
    ...(latent === undefined
      ? []
      : [
          matrix(name("ffn_latent_down"), n_embd, latent),
          matrix(name("ffn_latent_up"), latent, n_embd),
        ]),
    matrix(name("ffn_down_exps"), n_ff, width, count),
    ...(traits.experts?.fused
      ? [matrix(name("ffn_gate_up_exps"), width, 2 * n_ff, count)]
      : [
          ...(traits.ungated ? [] : [matrix(name("ffn_gate_exps"), width, n_ff, count)]),
          matrix(name("ffn_up_exps"), width, n_ff, count),
        ]),
  ];
}

/** Gemma 4: the layer's dense part, and what keeps both apart. */
function besideDenseTensors(
  shape: ModelShape,
  layer: number,
  name: Named,
  count: number,
): TensorShape[] {
  const { n_embd } = shape;
  return [
    ...denseTensors(shape, layer, name),
    scale(name("ffn_down_exps"), count),
    scale(name("ffn_gate_inp"), n_embd),
    norm(name("post_ffw_norm_1"), n_embd),
    norm(name("post_ffw_norm_2"), n_embd),
    norm(name("pre_ffw_norm_2"), n_embd),
  ];
}
