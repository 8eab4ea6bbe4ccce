/** The tensors of a layer that remembers a sequence in a state (src/models/qwen35.cpp, nemotron-h.cpp, lfm2.cpp, v0.4.0). */
import type { ModelShape } from "../modelShape.ts";
import { deltaNetWidths, mamba2Widths, type RecurrentShape } from "../recurrentShape.ts";
import {
  bias,
  kernel,
  matrix,
  norm,
  type Named,
  type TensorRole,
  type TensorShape,
} from "./tensorShape.ts";

/** @throws RangeError where the shape has no recurrent layers */
export function recurrentTensors(shape: ModelShape, name: Named): TensorShape[] {
  const { recurrent } = shape;
  if (recurrent === undefined) throw new RangeError("a shape without recurrent layers");
  switch (recurrent.kind) {
    case "delta_net":
      return deltaNetTensors(shape, recurrent, name);
    case "mamba2":
      return mamba2Tensors(shape, recurrent, name);
    case "short_convolution":
      return [
        kernel(name("shortconv.conv"), recurrent.conv_kernel, shape.n_embd),
        matrix(name("shortconv.in_proj"), shape.n_embd, 3 * shape.n_embd),
        matrix(name("shortconv.out_proj"), shape.n_embd, shape.n_embd),
      ];
    default:
      return recurrent satisfies never;
  }
}

type Of<Kind extends RecurrentShape["kind"]> = Extract<RecurrentShape, { kind: Kind }>;

/** Tensors whose names have no ending. */
const bare = (name: string, role: TensorRole, ...dims: readonly number[]): TensorShape => ({
  name,
  dims,
  role,
});

function deltaNetTensors(
  { architecture, n_embd }: ModelShape,
  recurrent: Of<"delta_net">,
  name: Named,
): TensorShape[] {
  const { conv_kernel, head_size, value_heads } = recurrent;
  const { keys, values } = deltaNetWidths(recurrent);
  const mixed = 2 * keys + values;
  // Qwen3-Next has what decays and what is written in one matrix.
  const rates =
    architecture === "qwen3next"
      ? [matrix(name("ssm_ba"), n_embd, 2 * value_heads)]
      : [
          matrix(name("ssm_alpha"), n_embd, value_heads),
          matrix(name("ssm_beta"), n_embd, value_heads),
        ];
  return [
    bare(name("ssm_a"), "decay", value_heads),
    kernel(name("ssm_conv1d"), conv_kernel, mixed),
    bias(name("ssm_dt"), value_heads),
    ...rates,
    matrix(name("attn_qkv"), n_embd, mixed),
    matrix(name("attn_gate"), n_embd, values),
    norm(name("ssm_norm"), head_size),
    matrix(name("ssm_out"), values, n_embd),
  ];
}

function mamba2Tensors(
  { n_embd }: ModelShape,
  recurrent: Of<"mamba2">,
  name: Named,
): TensorShape[] {
  const { conv_kernel, heads, groups } = recurrent;
  const { inner, grouped } = mamba2Widths(recurrent);
  return [
    bare(name("ssm_a"), "decay", 1, heads),
    bare(name("ssm_d"), "norm", 1, heads),
    kernel(name("ssm_conv1d"), conv_kernel, inner + grouped),
    bias(name("ssm_conv1d"), inner + grouped),
    bias(name("ssm_dt"), heads),
    matrix(name("ssm_in"), n_embd, 2 * inner + grouped + heads),
    norm(name("ssm_norm"), inner / groups, groups),
    matrix(name("ssm_out"), inner, n_embd),
  ];
}
