/** The tensors that a model of a given shape has, and what they weigh. */
import { bytesOf, elementsOf } from "./ggmlTypes.ts";
import type { GgmlTypeName } from "./ggmlTypes.ts";
import type { ModelShape } from "./modelShape.ts";

/** What a tensor is, as far as its values go: matrices get random weights, norms are 1. */
export type TensorRole = "matrix" | "norm" | "rope_factors";

export interface TensorShape {
  readonly name: string;
  /** In ggml's order: `dims[0]` is the row, the inputs of a matrix. */
  readonly dims: readonly number[];
  readonly role: TensorRole;
}

/** GGUF's alignment of tensor data where the file states no other (GGUF_DEFAULT_ALIGNMENT, ggml/include/gguf.h). */
export const defaultAlignment = 32;

export type TensorTypes = ReadonlyMap<string, GgmlTypeName>;

const matrix = (name: string, inputs: number, outputs: number): TensorShape => ({
  name: `${name}.weight`,
  dims: [inputs, outputs],
  role: "matrix",
});

const norm = (name: string, width: number): TensorShape => ({
  name: `${name}.weight`,
  dims: [width],
  role: "norm",
});

/**
 * Every tensor of the model, in the order of a checkpoint that llama.cpp's converter went through
 * (conversion/llama.py and conversion/qwen.py, v0.4.0; names and dimensions: src/models/llama.cpp and qwen3.cpp).
 */
export function tensorTable(shape: ModelShape): TensorShape[] {
  const { n_embd, n_vocab, head_size } = shape;
  const ropeFactors: TensorShape = {
    name: "rope_freqs.weight",
    dims: [head_size / 2],
    role: "rope_factors",
  };
  return [
    ...(shape.rope.llama3_scaling ? [ropeFactors] : []),
    matrix("token_embd", n_embd, n_vocab),
    ...Array.from({ length: shape.n_layers }, (_, layer) => layerTensors(shape, layer)).flat(),
    ...(shape.tied_embeddings ? [] : [matrix("output", n_embd, n_vocab)]),
    norm("output_norm", n_embd),
  ];
}

function layerTensors(shape: ModelShape, layer: number): TensorShape[] {
  const { n_embd, n_ff, head_size } = shape;
  const queries = shape.n_heads * head_size;
  const keys = shape.n_kv_heads * head_size;
  const perHeadNorms = shape.architecture === "qwen3";
  const name = (part: string) => `blk.${layer}.${part}`;
  return [
    norm(name("attn_norm"), n_embd),
    matrix(name("ffn_down"), n_ff, n_embd),
    matrix(name("ffn_gate"), n_embd, n_ff),
    matrix(name("ffn_up"), n_embd, n_ff),
    norm(name("ffn_norm"), n_embd),
    ...(perHeadNorms ? [norm(name("attn_k_norm"), head_size)] : []),
    matrix(name("attn_k"), n_embd, keys),
    matrix(name("attn_output"), queries, n_embd),
    ...(perHeadNorms ? [norm(name("attn_q_norm"), head_size)] : []),
    matrix(name("attn_q"), n_embd, queries),
    matrix(name("attn_v"), n_embd, keys),
  ];
}

/**
 * The order of files that llama-quantize wrote: by layer, those of no layer first, then by name
 * (weight_name_comparer, src/llama-model-loader.h). It decides what span of the file a device maps.
 */
export function quantizeOrder<T extends { readonly name: string }>(tensors: readonly T[]): T[] {
  return tensors.toSorted(
    (a, b) => layerOf(a.name) - layerOf(b.name) || (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
}

/** The transformer block that a tensor belongs to, -1 for the others. */
export function layerOf(name: string): number {
  return Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
}

export function parameterCount(shape: ModelShape): number {
  return tensorTable(shape).reduce((sum, { dims }) => sum + elementsOf(dims), 0);
}

/**
 * Bytes of the tensors' data alone, as llama.cpp's "model size" counts them; `alignment` adds the padding of the file.
 *
 * @throws RangeError where a tensor has no type.
 */
export function tensorDataBytes(
  tensors: readonly TensorShape[],
  types: TensorTypes,
  alignment = 1,
): number {
  return tensors.reduce((sum, { name, dims }) => {
    const type = types.get(name);
    if (type === undefined) throw new RangeError(`no type for tensor ${name}`);
    return sum + alignTo(bytesOf(type, dims), alignment);
  }, 0);
}

/** The next multiple of `alignment`; exact up to 2^53. */
export function alignTo(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
