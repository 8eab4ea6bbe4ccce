/** The tensors of a layer that attends to keys and values, head by head. */
import { traitsOf } from "../architectures.ts";
import { headsOf, isWindowed, sharesCache, type ModelShape } from "../modelShape.ts";
import { bias, matrix, norm, type Named, type TensorShape } from "./tensorShape.ts";

export function attentionTensors(shape: ModelShape, layer: number, name: Named): TensorShape[] {
  const { n_embd, n_heads } = shape;
  const { attentionBias, sinks, gatedQueries, fused } = traitsOf(shape.architecture);
  const { kvHeads, size } = headsOf(shape, layer);
  const [queries, keys] = [n_heads * size, kvHeads * size];
  const output = matrix(name("attn_output"), queries, n_embd);
  if (fused) return [output, matrix(name("attn_qkv"), n_embd, queries + 2 * keys)];
  // A layer that reads another's cache makes neither keys nor values.
  const own = !sharesCache(shape, layer);
  const valued = own && (shape.values_are_keys !== true || isWindowed(shape, layer));
  const norms = normWidths(shape, { queries, keys, size });
  return [
    ...(norms && own ? [norm(name("attn_k_norm"), norms.keys)] : []),
    ...(own ? [matrix(name("attn_k"), n_embd, keys)] : []),
    output,
    ...(norms ? [norm(name("attn_q_norm"), norms.queries)] : []),
    matrix(name("attn_q"), n_embd, gatedQueries ? 2 * queries : queries),
    ...(valued ? [matrix(name("attn_v"), n_embd, keys)] : []),
    ...(attentionBias
      ? [bias(name("attn_k"), keys), bias(name("attn_q"), queries), bias(name("attn_v"), keys)]
      : []),
    ...(attentionBias === "all" ? [bias(name("attn_output"), n_embd)] : []),
    ...(sinks
      ? [{ name: `${name("attn_sinks")}.weight`, dims: [n_heads], role: "bias" as const }]
      : []),
  ];
}

function normWidths(
  { architecture, query_key_norms }: ModelShape,
  { queries, keys, size }: { readonly queries: number; readonly keys: number; size: number },
): { readonly queries: number; readonly keys: number } | null {
  const { queryKeyNorms } = traitsOf(architecture);
  const kind = queryKeyNorms ?? (query_key_norms === true ? "by head" : undefined);
  switch (kind) {
    case "by head":
      return { queries: size, keys: size };
    case "of all heads":
      return { queries, keys };
    case undefined:
      return null;
    default:
      return kind satisfies never;
  }
}
