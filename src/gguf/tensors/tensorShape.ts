/** One tensor of a model: its name, its dimensions, and what its values are for. */

/**
 * As far as values and type go. Matrices get random weights and are quantized; kernels (routers, convolutions) get random
 * weights and biases small ones, both in F32; norms and scales are 1; decays are what a state is multiplied by, as a
 * negative logarithm; choices are numbers of experts, by token.
 */
export type TensorRole =
  | "matrix"
  | "kernel"
  | "bias"
  | "norm"
  | "decay"
  | "choices"
  | "rope_factors";

export interface TensorShape {
  readonly name: string;
  /** In ggml's order: `dims[0]` is the row, the inputs of a matrix. */
  readonly dims: readonly number[];
  readonly role: TensorRole;
}

/** A layer's name of a part: `attn_q` → `blk.0.attn_q`. */
export type Named = (part: string) => string;

export const named =
  (layer: number): Named =>
  (part) =>
    `blk.${layer}.${part}`;

/** Two dimensions, or one matrix for each of `count` experts or heads. */
export const matrix = (
  name: string,
  inputs: number,
  outputs: number,
  ...count: readonly number[]
): TensorShape => ({
  name: `${name}.weight`,
  dims: [inputs, outputs, ...count],
  role: "matrix",
});

export const kernel = (name: string, ...dims: readonly number[]): TensorShape => ({
  name: `${name}.weight`,
  dims,
  role: "kernel",
});

export const bias = (name: string, ...dims: readonly number[]): TensorShape => ({
  name: `${name}.bias`,
  dims,
  role: "bias",
});

export const norm = (name: string, ...dims: readonly number[]): TensorShape => ({
  name: `${name}.weight`,
  dims,
  role: "norm",
});

/** Factors beside a matrix, by which its results are multiplied. */
export const scale = (name: string, width: number): TensorShape => ({
  name: `${name}.scale`,
  dims: [width],
  role: "norm",
});
