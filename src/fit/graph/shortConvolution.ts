/** Short convolutions between two gates (src/models/lfm2.cpp, v0.4.0). */
import type { Batch, GraphLayer } from "./batch.ts";
import { op, product } from "./graphParts.ts";
import { slice, view, type GraphTensor } from "./graphTensor.ts";
import { convolutionRows, convolved } from "./recurrentState.ts";

export function shortConvolution(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  kernel: number,
): GraphTensor {
  const { n_embd } = batch.plan.shape;
  const { nTokens } = batch.plan;
  const ne = [n_embd, nTokens];
  const given = view(normed, ne);
  const joined = product(layer.weights, "shortconv.in_proj", given, 3 * n_embd);
  const [before, after, values] = [slice(joined, ne), slice(joined, ne), slice(joined, ne)];
  const gated = view(op("mul", ne, [before, values]), [nTokens, n_embd], true);
  const rows = convolutionRows(batch, layer, kernel, gated);
  const mixed = convolved(rows, layer, "shortconv.conv", nTokens);
  return view(
    product(layer.weights, "shortconv.out_proj", op("mul", ne, [after, mixed]), n_embd),
    ne,
  );
}
