/** What every part of a graph is made of: operations that give floats, and weights. */
import type { GgmlTypeName } from "../../gguf/ggmlTypes.ts";
import { graphTensor, type GraphOp, type GraphTensor, type GraphWeight } from "./graphTensor.ts";

/** Of one layer, by the name in the file without `blk.N.`: `attn_q.weight`, `attn_q.bias`. */
export type LayerWeights = Readonly<Partial<Record<string, GraphWeight>>>;

export function op(name: GraphOp, ne: readonly number[], sources: GraphTensor[]): GraphTensor {
  return graphTensor(name, "f32", ne, sources);
}

export function input(type: GgmlTypeName, ne: readonly number[]): GraphTensor {
  return graphTensor("none", type, ne, [], { input: true });
}

export function weight(of: GraphWeight): GraphTensor {
  return graphTensor("none", of.type, of.dims, [], { home: of.home, weight: of });
}

/** A matrix times the batch, with its bias where it has one. */
export function product(
  weights: LayerWeights,
  name: string,
  tensor: GraphTensor,
  width: number,
): GraphTensor {
  const of = weights[`${name}.weight`];
  const ne = tensor.ne.slice();
  ne[0] = width;
  return biased(op("mul_mat", ne, of ? [weight(of), tensor] : [tensor]), weights[`${name}.bias`]);
}

export function biased(tensor: GraphTensor, by: GraphWeight | undefined): GraphTensor {
  return by === undefined ? tensor : op("add", tensor.ne, [tensor, weight(by)]);
}
