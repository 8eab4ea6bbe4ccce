/** The decoder that is trained: Llama's form, at a model's widths. */
import type { ModelShape } from "./modelShape.ts";

/** As the workers know it. */
export interface DecoderShape {
  readonly n_layers: number;
  readonly n_embd: number;
  readonly n_ff: number;
  readonly n_heads: number;
  readonly n_kv_heads: number;
  readonly head_size: number;
  readonly n_vocab: number;
  readonly tied_embeddings: boolean;
  readonly norm_epsilon: number;
  readonly freq_base: number;
}

/** Parts of a shape that a decoder of Llama's form hasn't, each with its words. */
const otherForms = {
  experts: "a mixture of experts",
  sliding_window: "windowed attention",
  shared_kv: "layers that share caches",
  per_layer_embedding: "an embedding for each layer",
  latent: "latent attention",
  indexer: "sparse attention",
  compressed: "compressed attention",
  hyper_connections: "several residual streams",
  recurrent: "recurrent layers",
  feed_forward_layers: "layers of one part alone",
} as const satisfies Partial<Record<keyof ModelShape, string>>;

/** Why a model of this shape is none that the workers train; null for nothing. */
export function otherFormOf(shape: ModelShape): string | null {
  const key = (Object.keys(otherForms) as (keyof typeof otherForms)[]).find(
    (name) => shape[name] !== undefined,
  );
  return key === undefined ? null : otherForms[key];
}

export function decoderShape(shape: ModelShape): DecoderShape {
  const { n_layers, n_embd, n_ff, n_heads, n_kv_heads, head_size, n_vocab } = shape;
  const { tied_embeddings, norm_epsilon, rope } = shape;
  const widths = { n_layers, n_embd, n_ff, n_heads, n_kv_heads, head_size, n_vocab };
  return { ...widths, tied_embeddings, norm_epsilon, freq_base: rope.freq_base };
}

/** Elements of the matrices that every token is multiplied with in one layer. */
function layerMatrices({ n_embd, n_ff, n_heads, n_kv_heads, head_size }: DecoderShape): number {
  return n_embd * (2 * n_heads + 2 * n_kv_heads) * head_size + 3 * n_embd * n_ff;
}

/** Elements of all weights. */
export function decoderParameters(shape: DecoderShape): number {
  const { n_layers, n_embd, n_vocab, tied_embeddings } = shape;
  const tables = (tied_embeddings ? 1 : 2) * n_vocab * n_embd;
  return n_layers * (layerMatrices(shape) + 2 * n_embd) + n_embd + tables;
}

/** Elements of the matrices that every token is multiplied with: the table of embeddings is only looked up. */
export function decoderMatrices(shape: DecoderShape): number {
  return shape.n_layers * layerMatrices(shape) + shape.n_vocab * shape.n_embd;
}

/**
 * Floating-point operations of a training step: 3 × (2 × matrices + 2 × layers × heads × head size × (sequence + 1)) for each
 * token. A multiplication and an addition count as two; the backward pass computes twice what the forward pass does; in
 * attention a token meets itself and those before it, (sequence + 1) / 2 on average, once as keys and once as values. Nothing
 * is counted that a framework computes again, and none of what isn't a product of matrices.
 */
export function trainingFlops(shape: DecoderShape, sequence: number, batch: number): number {
  const { n_layers, n_heads, head_size } = shape;
  const attention = 2 * n_layers * n_heads * head_size * (sequence + 1);
  return 3 * sequence * batch * (2 * decoderMatrices(shape) + attention);
}
