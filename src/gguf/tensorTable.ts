/** The tensors that a model of a given shape has, and what they weigh. */
import { getOrMake } from "../base/getOrMake.ts";
import { bytesOf, elementsOf } from "./ggmlTypes.ts";
import type { GgmlTypeName } from "./ggmlTypes.ts";
import { traitsOf } from "./architectures.ts";
import { hasExperts, type ModelShape } from "./modelShape.ts";
import type { Quantization } from "./quantizations.ts";

/**
 * What a tensor is, as far as its values and its type go: matrices get random weights and are quantized, routers get
 * random weights and biases small ones, both in F32; norms are 1.
 */
export type TensorRole = "matrix" | "router" | "bias" | "norm" | "rope_factors";

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

const experts = (name: string, inputs: number, outputs: number, count: number): TensorShape => ({
  name: `${name}.weight`,
  dims: [inputs, outputs, count],
  role: "matrix",
});

const router = (name: string, inputs: number, count: number): TensorShape => ({
  name: `${name}.weight`,
  dims: [inputs, count],
  role: "router",
});

const bias = (name: string, ...dims: readonly number[]): TensorShape => ({
  name: `${name}.bias`,
  dims,
  role: "bias",
});

const norm = (name: string, width: number): TensorShape => ({
  name: `${name}.weight`,
  dims: [width],
  role: "norm",
});

/**
 * Every tensor of the model, in the order of a checkpoint that llama.cpp's converter went through
 * (conversion/llama.py and its neighbours, v0.4.0; names and dimensions: src/models/llama.cpp, qwen3.cpp, qwen3moe.cpp,
 * openai-moe.cpp, glm4-moe.cpp, gemma3.cpp).
 */
export function tensorTable(shape: ModelShape): readonly TensorShape[] {
  return ordersOf(shape).converted;
}

function convertedTensors(shape: ModelShape): TensorShape[] {
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
  const { n_embd } = shape;
  const { normedAfterAttention, postNorms } = traitsOf(shape.architecture);
  const name = (part: string) => `blk.${layer}.${part}`;
  const feedForward = hasExperts(shape, layer)
    ? mixtureTensors(shape, name)
    : denseTensors(shape, name);
  return [
    norm(name("attn_norm"), n_embd),
    ...feedForward,
    norm(name(normedAfterAttention ? "post_attention_norm" : "ffn_norm"), n_embd),
    ...(postNorms
      ? [norm(name("post_attention_norm"), n_embd), norm(name("post_ffw_norm"), n_embd)]
      : []),
    ...attentionTensors(shape, name),
  ];
}

type Named = (part: string) => string;

function attentionTensors(shape: ModelShape, name: Named): TensorShape[] {
  const { n_embd, head_size, n_heads } = shape;
  const { perHeadNorms, attentionBias, sinks } = traitsOf(shape.architecture);
  const queries = n_heads * head_size;
  const keys = shape.n_kv_heads * head_size;
  return [
    ...(perHeadNorms ? [norm(name("attn_k_norm"), head_size)] : []),
    matrix(name("attn_k"), n_embd, keys),
    matrix(name("attn_output"), queries, n_embd),
    ...(perHeadNorms ? [norm(name("attn_q_norm"), head_size)] : []),
    matrix(name("attn_q"), n_embd, queries),
    matrix(name("attn_v"), n_embd, keys),
    ...(attentionBias
      ? [bias(name("attn_k"), keys), bias(name("attn_q"), queries), bias(name("attn_v"), keys)]
      : []),
    ...(attentionBias === "all" ? [bias(name("attn_output"), n_embd)] : []),
    ...(sinks
      ? [{ name: `${name("attn_sinks")}.weight`, dims: [n_heads], role: "bias" as const }]
      : []),
  ];
}

function denseTensors({ n_embd, n_ff }: ModelShape, name: Named, suffix = ""): TensorShape[] {
  return [
    matrix(name(`ffn_down${suffix}`), n_ff, n_embd),
    matrix(name(`ffn_gate${suffix}`), n_embd, n_ff),
    matrix(name(`ffn_up${suffix}`), n_embd, n_ff),
  ];
}

function mixtureTensors(shape: ModelShape, name: Named): TensorShape[] {
  const { n_embd, architecture } = shape;
  const { count = 1, n_ff = 1, shared = 0 } = shape.experts ?? {};
  const traits = traitsOf(architecture).experts;
  return [
    experts(name("ffn_down_exps"), n_ff, n_embd, count),
    experts(name("ffn_gate_exps"), n_embd, n_ff, count),
    experts(name("ffn_up_exps"), n_embd, n_ff, count),
    router(name("ffn_gate_inp"), n_embd, count),
    ...(traits?.bias
      ? [
          bias(name("ffn_down_exps"), n_embd, count),
          bias(name("ffn_gate_exps"), n_ff, count),
          bias(name("ffn_up_exps"), n_ff, count),
          bias(name("ffn_gate_inp"), count),
        ]
      : []),
    ...(traits?.choiceBias ? [bias(name("exp_probs_b"), count)] : []),
    ...(shared > 0 ? denseTensors({ ...shape, n_ff: shared * n_ff }, name, "_shexp") : []),
  ];
}

/**
 * The order of files that llama-quantize wrote: by layer, those of no layer first, then by name
 * (weight_name_comparer, src/llama-model-loader.h). It decides what span of the file a device maps.
 */
export function quantizeOrder<T extends { readonly name: string }>(tensors: readonly T[]): T[] {
  return tensors
    .map((tensor) => ({ tensor, name: tensor.name, layer: layerOf(tensor.name) }))
    .sort((a, b) => a.layer - b.layer || (a.name < b.name ? -1 : Number(a.name > b.name)))
    .map(({ tensor }) => tensor);
}

/** A model's tensors as a file has them: floats come from the converter, all else from llama-quantize, which sorts. */
export function fileOrder(shape: ModelShape, quantization: Quantization): readonly TensorShape[] {
  const { converted, quantized } = ordersOf(shape);
  return ["f32", "f16", "bf16"].includes(quantization) ? converted : quantized;
}

type Orders = Readonly<Record<"converted" | "quantized", readonly TensorShape[]>>;

const orders = new WeakMap<ModelShape, Orders>();

/** A shape's tensors are asked for again and again. */
function ordersOf(shape: ModelShape): Orders {
  return getOrMake(orders, shape, () => {
    const converted = convertedTensors(shape);
    return { converted, quantized: quantizeOrder(converted) };
  });
}

/** The transformer block that a tensor belongs to, -1 for the others. */
export function layerOf(name: string): number {
  return Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
}

export function parameterCount(shape: ModelShape): number {
  return tensorTable(shape).reduce((sum, { dims }) => sum + elementsOf(dims), 0);
}

/** Parameters that `tokens` tokens together go through: of experts those they use, of embeddings the output's. */
export function activeParameterCount(shape: ModelShape, tokens = 1): number {
  return tensorTable(shape).reduce(
    (sum, { name, dims }) => sum + elementsOf(dims) * shareRead(name, shape, tokens),
    0,
  );
}

/**
 * Which part of a tensor a batch reads, if its tokens choose their experts independently. Of the embeddings it is a row a
 * token, next to nothing, unless they are the output too.
 */
export function shareRead(
  name: string,
  { tied_embeddings, experts: mixed }: Pick<ModelShape, "tied_embeddings" | "experts">,
  tokens = 1,
): number {
  if (name === "token_embd.weight") return tied_embeddings ? 1 : 0;
  return mixed !== undefined && isOfExperts(name) ? shareTouched(mixed, tokens) : 1;
}

/** Of a layer's experts, the share that a batch goes through on average. */
export function shareTouched(
  { used, count }: NonNullable<ModelShape["experts"]>,
  tokens: number,
): number {
  return 1 - (1 - used / count) ** tokens;
}

/** Weights or biases of all experts of a layer together; shared experts are not among them. */
export function isOfExperts(name: string): boolean {
  return name.includes("_exps.") || name.includes("_chexps.");
}

/** The type in a file that a converter wrote: F16, but for what llama.cpp keeps in F32. */
export function unquantizedType({ role }: Pick<TensorShape, "role">): "f16" | "f32" {
  return role === "matrix" ? "f16" : "f32";
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
