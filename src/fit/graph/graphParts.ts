/** What every part of a graph is made of: operations that give floats, and weights. */
import type { GgmlTypeName } from "../../gguf/ggmlTypes.ts";
import { graphTensor, type GraphOp, type GraphTensor } from "./graphTensor.ts";

/** A weight as the graph sees it. */
export interface GraphWeight {
  readonly type: GgmlTypeName;
  readonly dims: readonly number[];
  /** The backend whose memory holds it. */
  readonly home: number;
}

/** Of one layer, by the name in the file without `blk.N.`: `attn_q.weight`, `attn_q.bias`. */
export type LayerWeights = Readonly<Partial<Record<string, GraphWeight>>>;

export function op(name: GraphOp, ne: readonly number[], sources: GraphTensor[]): GraphTensor {
  return graphTensor(name, "f32", ne, { sources });
}

export function input(type: GgmlTypeName, ne: readonly number[]): GraphTensor {
  return graphTensor("none", type, ne, { input: true });
}

export function weight({ type, dims, home }: GraphWeight): GraphTensor {
  return graphTensor("none", type, dims, { home, weights: true });
}

/** A matrix times the batch, with its bias where it has one. */
export function product(
  weights: LayerWeights,
  name: string,
  tensor: GraphTensor,
  width: number,
): GraphTensor {
  const of = weights[`${name}.weight`];
  const ne = [width, ...tensor.ne.slice(1)];
  return biased(op("mul_mat", ne, of ? [weight(of), tensor] : [tensor]), weights[`${name}.bias`]);
}

export function biased(tensor: GraphTensor, by: GraphWeight | undefined): GraphTensor {
  return by === undefined ? tensor : op("add", tensor.ne, [tensor, weight(by)]);
}
