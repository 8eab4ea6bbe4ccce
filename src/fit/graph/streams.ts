/** Residual streams beside each other, which each part of a layer mixes anew (build_hc_pre, build_hc_post, build_hc_head, src/models/deepseek4.cpp, v0.4.0). */
import type { Batch } from "./batch.ts";
import { op, weight, type LayerWeights } from "./graphParts.ts";
import { graphTensor, slice, view, type GraphTensor } from "./graphTensor.ts";

export interface Mixed {
  /** What a part of the layer is given. */
  readonly given: GraphTensor;
  /** How much of what it gives goes to each stream. */
  readonly post: GraphTensor;
  /** How the streams go on in each other. */
  readonly comb: GraphTensor;
}

/** @param name of its weights: `hc_attn`, `hc_ffn` */
export function mixedStreams(
  { plan }: Batch,
  weights: LayerWeights,
  name: string,
  streams: GraphTensor,
): Mixed {
  const [, count = 1] = streams.ne;
  const scale = weightNamed(weights, `${name}_scale`);
  const base = weightNamed(weights, `${name}_base`);
  const mixes = mixesOf(streams, weightNamed(weights, `${name}_fn`));
  const [, tokens = 1] = mixes.ne;
  const part = (width: number) => {
    const ne = [width, tokens];
    const scaled = op("mul", ne, [slice(mixes, ne), view(scale, [1])]);
    return op("add", ne, [scaled, view(base, [width])]);
  };
  const opened = op("unary", [count, tokens], [part(count)]);
  const pre = op("scale", opened.ne, [opened]);
  const closed = op("unary", [count, tokens], [part(count)]);
  const post = op("scale", closed.ne, [closed]);
  const comb = plan.fusesStreams
    ? op("hc_comb", [count, count, tokens], [mixes, scale, base])
    : balanced(view(part(count * count), [count, count, tokens]), streamIterations(plan.shape));
  return { given: taken(streams, pre, plan.fusesStreams), post, comb };
}

function streamIterations(shape: Batch["plan"]["shape"]): number {
  return shape.hyper_connections?.iterations ?? 1;
}

/** Sinkhorn's normalization: rows and columns in turn (build_hc_sinkhorn). */
function balanced(given: GraphTensor, iterations: number): GraphTensor {
  const { ne } = given;
  const [count = 1, , tokens = 1] = ne;
  const sums = [1, count, tokens];
  const epsilon = op("fill", [1], [graphTensor("none", "f32", [1])]);
  let comb = op("add", ne, [op("soft_max", ne, [given]), epsilon]);
  const columns = () => {
    const turned = op("cont", ne, [view(comb, ne, true)]);
    const sum = op("add", sums, [op("sum_rows", sums, [turned]), epsilon]);
    comb = op("div", ne, [comb, view(sum, [count, 1, tokens], true)]);
  };
  const rows = () => {
    const sum = op("add", sums, [op("sum_rows", sums, [comb]), epsilon]);
    comb = op("div", ne, [comb, sum]);
  };
  columns();
  for (let round = 1; round < iterations; round++) {
    rows();
    columns();
  }
  return comb;
}

/** What a part of a layer gives goes back to the streams. */
export function spreadOver(
  { plan }: Batch,
  given: GraphTensor,
  streams: GraphTensor,
  { post, comb }: Pick<Mixed, "post" | "comb">,
): GraphTensor {
  const [width = 1, count = 1, tokens = 1] = streams.ne;
  if (plan.fusesStreams) return op("hc_post", streams.ne, [given, streams, post, comb]);
  const ne = [width, tokens];
  let all: GraphTensor | null = null;
  for (let to = 0; to < count; to++) {
    let sum = op("mul", ne, [given, slice(post, [1, tokens])]);
    for (let from = 0; from < count; from++) {
      const moved = op("mul", ne, [slice(streams, ne), slice(comb, [1, tokens])]);
      sum = op("add", ne, [sum, moved]);
    }
    const one = view(sum, [width, 1, tokens]);
    all = all === null ? one : op("concat", [width, to + 1, tokens], [all, one]);
  }
  return all ?? streams;
}

/** The streams become one again, before the last norm. */
export function joinedStreams(weights: LayerWeights, streams: GraphTensor): GraphTensor {
  const mixes = mixesOf(streams, weightNamed(weights, "output_hc_fn"));
  const scaled = op("mul", mixes.ne, [mixes, weightNamed(weights, "output_hc_scale")]);
  const based = op("add", mixes.ne, [scaled, weightNamed(weights, "output_hc_base")]);
  const pre = op("scale", mixes.ne, [op("unary", mixes.ne, [based])]);
  return taken(streams, pre, false);
}

function mixesOf(streams: GraphTensor, by: GraphTensor): GraphTensor {
  const [width = 1, count = 1, tokens = 1] = streams.ne;
  const flat = view(streams, [width * count, tokens]);
  const [, mixes = 1] = by.ne;
  return op("mul_mat", [mixes, tokens], [by, op("rms_norm", flat.ne, [flat])]);
}

/** A sum over the streams. */
function taken(streams: GraphTensor, by: GraphTensor, fused: boolean): GraphTensor {
  const [width = 1, count = 1, tokens = 1] = streams.ne;
  const ne = [width, tokens];
  if (fused) return op("hc_pre", ne, [streams, by]);
  let sum: GraphTensor | null = null;
  for (let stream = 0; stream < count; stream++) {
    const one = op("mul", ne, [slice(streams, ne), slice(by, [1, tokens])]);
    sum = sum === null ? one : op("add", ne, [sum, one]);
  }
  return sum ?? streams;
}

function weightNamed(weights: LayerWeights, name: string): GraphTensor {
  const of = weights[`${name}.weight`];
  if (of === undefined) throw new RangeError(`a layer without ${name}`);
  return weight(of);
}
