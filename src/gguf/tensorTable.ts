/** The tensors that a model of a given shape has, and what they weigh. */
import { getOrMake } from "../base/getOrMake.ts";
import { bytesOf, elementsOf } from "./ggmlTypes.ts";
import type { GgmlTypeName } from "./ggmlTypes.ts";
import { traitsOf } from "./architectures.ts";
import { feedForwardOf, mixerOf, type ModelShape } from "./modelShape.ts";
import type { Quantization } from "./quantizations.ts";
import { attentionTensors } from "./tensors/attentionTensors.ts";
import {
  compressedTensors,
  lastStreamTensors,
  streamTensors,
} from "./tensors/compressedTensors.ts";
import { denseTensors, mixtureTensors } from "./tensors/feedForwardTensors.ts";
import { latentTensors } from "./tensors/latentTensors.ts";
import { recurrentTensors } from "./tensors/recurrentTensors.ts";
import { matrix, named, norm, type Named, type TensorShape } from "./tensors/tensorShape.ts";

/** GGUF's alignment of tensor data where the file states no other (GGUF_DEFAULT_ALIGNMENT, ggml/include/gguf.h). */
export const defaultAlignment = 32;

export type TensorTypes = ReadonlyMap<string, GgmlTypeName>;

/**
 * Every tensor of the model, in the order of a checkpoint that llama.cpp's converter went through
 * (conversion/llama.py and its neighbours, v0.4.0; names and dimensions: src/models, by architecture).
 */
export function tensorTable(shape: ModelShape): readonly TensorShape[] {
  return ordersOf(shape).converted;
}

function convertedTensors(shape: ModelShape): TensorShape[] {
  const { architecture, n_layers, n_embd, n_vocab, head_size, rope } = shape;
  const ropeFactors: TensorShape = {
    name: "rope_freqs.weight",
    dims: [head_size / 2],
    role: "rope_factors",
  };
  const hasFactors = rope.llama3_scaling !== undefined || rope.proportional !== undefined;
  return [
    ...(hasFactors ? [ropeFactors] : []),
    matrix("token_embd", n_embd, n_vocab),
    ...perLayerInputs(shape),
    ...Array.from({ length: n_layers }, (_, layer) => layerTensors(shape, layer)).flat(),
    ...lastStreamTensors(shape),
    ...(shape.tied_embeddings ? [] : [matrix("output", n_embd, n_vocab)]),
    norm(traitsOf(architecture).lastNorm ?? "output_norm", n_embd),
  ];
}

/** The second embedding, one row a token for all layers. */
function perLayerInputs({ n_layers, n_embd, n_vocab, ...shape }: ModelShape): TensorShape[] {
  const width = shape.per_layer_embedding;
  if (width === undefined) return [];
  return [
    matrix("per_layer_token_embd", width * n_layers, n_vocab),
    matrix("per_layer_model_proj", n_embd, width * n_layers),
    norm("per_layer_proj_norm", width),
  ];
}

function layerTensors(shape: ModelShape, layer: number): TensorShape[] {
  const { n_embd, per_layer_embedding: perLayer } = shape;
  const { normedAfterAttention, postNorms, scaledLayers } = traitsOf(shape.architecture);
  const name = named(layer);
  const feedForward = feedForwardOf(shape, layer);
  const mixer = mixerOf(shape, layer);
  // A layer that is one thing alone has one norm.
  const both = feedForward !== null && mixer !== null;
  return [
    norm(name("attn_norm"), n_embd),
    ...feedForwardTensors(shape, layer, name),
    ...(both
      ? [norm(name(normedAfterAttention ? "post_attention_norm" : "ffn_norm"), n_embd)]
      : []),
    ...(postNorms
      ? [norm(name("post_attention_norm"), n_embd), norm(name("post_ffw_norm"), n_embd)]
      : []),
    ...mixerTensors(shape, layer, name),
    ...streamTensors(shape, name("hc_attn")),
    ...streamTensors(shape, name("hc_ffn")),
    ...(scaledLayers ? [norm(name("layer_output_scale"), 1)] : []),
    ...(perLayer === undefined
      ? []
      : [
          matrix(name("inp_gate"), n_embd, perLayer),
          matrix(name("proj"), perLayer, n_embd),
          norm(name("post_norm"), n_embd),
        ]),
  ];
}

function feedForwardTensors(shape: ModelShape, layer: number, name: Named): TensorShape[] {
  const kind = feedForwardOf(shape, layer);
  switch (kind) {
    case "dense":
      return denseTensors(shape, layer, name);
    case "experts":
      return mixtureTensors(shape, layer, name);
    case null:
      return [];
    default:
      return kind satisfies never;
  }
}

function mixerTensors(shape: ModelShape, layer: number, name: Named): TensorShape[] {
  const mixer = mixerOf(shape, layer);
  switch (mixer) {
    case "attention":
      return attentionTensors(shape, layer, name);
    case "latent":
      return latentTensors(shape, layer, name);
    case "compressed":
      return compressedTensors(shape, layer, name);
    case "recurrent":
      return recurrentTensors(shape, name);
    case null:
      return [];
    default:
      return mixer satisfies never;
  }
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

const layerPrefix = "blk.";

/** The transformer block that a tensor belongs to, -1 for the others. */
export function layerOf(name: string): number {
  if (!name.startsWith(layerPrefix)) return -1;
  const end = name.indexOf(".", layerPrefix.length);
  const digits = name.slice(layerPrefix.length, end);
  return end !== -1 && /^\d+$/.test(digits) ? Number(digits) : -1;
}

export function parameterCount(shape: ModelShape): number {
  return tensorTable(shape).reduce((sum, { dims }) => sum + elementsOf(dims), 0);
}

/** Of the published checkpoint, which holds no rope factors: converters work them out. */
export function checkpointParameters(shape: ModelShape): number {
  return tensorTable(shape).reduce(
    (sum, { dims, role }) => sum + (role === "rope_factors" ? 0 : elementsOf(dims)),
    0,
  );
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
  { used, count }: Pick<NonNullable<ModelShape["experts"]>, "used" | "count">,
  tokens: number,
): number {
  return 1 - (1 - used / count) ** tokens;
}

/** Weights or biases of all experts of a layer together; shared experts are not among them. */
export function isOfExperts(name: string): boolean {
  return name.includes("_exps.") || name.includes("_chexps.");
}

/** The type in a file that a converter wrote: F16, but for what llama.cpp keeps in F32, and numbers of experts. */
export function unquantizedType({ role }: Pick<TensorShape, "role">): "f16" | "f32" | "i32" {
  if (role === "choices") return "i32";
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
