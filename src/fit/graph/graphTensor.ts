/** A tensor of a compute graph, as far as its memory goes: what makes it, what it reads, how large it is. */
import { bytesOf, elementsOf, type GgmlTypeName } from "../../gguf/ggmlTypes.ts";

export type GraphOp =
  /** Weights, KV cache, inputs. */
  | "none"
  /** Another shape or order of the same bytes. */
  | "view"
  | "get_rows"
  | "set_rows"
  | "rms_norm"
  | "mul"
  | "add"
  | "mul_mat"
  | "rope"
  | "cont"
  | "copy"
  | "soft_max"
  | "flash_attn"
  | "glu"
  | "scale"
  | "unary"
  | "clamp"
  | "div"
  | "sum_rows"
  | "argsort"
  | "mul_mat_id"
  | "add_id"
  | "concat"
  | "pad"
  | "repeat"
  | "fill"
  | "sqr"
  | "norm"
  | "l2_norm"
  | "ssm_conv"
  | "ssm_scan"
  | "delta_net"
  | "indexer"
  | "top_k"
  | "sqrt"
  | "rope_back"
  | "hc_pre"
  | "hc_comb"
  | "hc_post";

/** A weight as the graph sees it. */
export interface GraphWeight {
  /** Its tensor in the file. */
  readonly name: string;
  readonly type: GgmlTypeName;
  readonly dims: readonly number[];
  /** The backend whose memory holds it. */
  readonly home: number;
  /** In a layout of the CPU's own, which is of no use to a device. */
  readonly repacked: boolean;
}

export interface GraphTensor {
  readonly op: GraphOp;
  readonly type: GgmlTypeName;
  readonly ne: readonly number[];
  /** From its first element to its last: of a slice, whose rows lie apart, what lies between them too (ggml_nbytes). */
  readonly bytes: number;
  /** Permuted views have another layout than a fresh tensor of their shape. */
  readonly permuted: boolean;
  /** Rewired to copies by the scheduler. */
  readonly sources: GraphTensor[];
  /** Whose bytes a view shows. */
  readonly viewOf: GraphTensor | null;
  /** Set before a graph is computed. */
  readonly input: boolean;
  /** Read after it was computed: its memory is not used again. */
  output: boolean;
  /** The backend whose memory already holds it (weights, KV cache), else -1. */
  readonly home: number;
  /** Whose data it holds, in its own memory or as a copy elsewhere; null where it is no weight. */
  readonly weight: GraphWeight | null;
  /** Scratch memory behind the result, by backend. */
  readonly scratchBytes: readonly number[];
  /** The backend that computes or holds it; -1 until the scheduler decides, or pinned by the graph. */
  backend: number;
  inGraph: boolean;

  // The allocator's.
  children: number;
  views: number;
  allocated: boolean;
  buffer: number;
  /** Of the buffer, by number. */
  piece: number;
}

type Facts = Partial<
  Pick<GraphTensor, "bytes" | "permuted" | "viewOf" | "input" | "home" | "weight" | "scratchBytes">
>;

const noFacts: Facts = {};
const noScratch: readonly number[] = [];

export function graphTensor(
  op: GraphOp,
  type: GgmlTypeName,
  ne: readonly number[],
  sources: GraphTensor[] = [],
  facts: Facts = noFacts,
): GraphTensor {
  const { permuted = false, viewOf = null, input = false } = facts;
  const { home = -1, weight = null, scratchBytes = noScratch } = facts;
  return {
    op,
    type,
    ne,
    bytes: facts.bytes ?? bytesOf(type, ne),
    permuted,
    sources,
    viewOf,
    input,
    output: false,
    home,
    weight,
    scratchBytes,
    backend: home,
    inGraph: false,
    children: 0,
    views: 0,
    allocated: false,
    buffer: -1,
    piece: -1,
  };
}

/** The same bytes in another shape, without a copy. */
export function view(of: GraphTensor, ne: readonly number[], permuted = false): GraphTensor {
  return graphTensor("view", of.type, ne, [of], {
    // Of a slice in another order, with what lies between its rows.
    bytes: elementsOf(ne) === elementsOf(of.ne) ? of.bytes : bytesOf(of.type, ne),
    viewOf: of.viewOf ?? of,
    permuted: permuted || of.permuted,
  });
}

/**
 * The beginning of what each token has, without a copy.
 *
 * @param apart elements from one head to the next, where these lie apart too
 */
export function slice(of: GraphTensor, ne: readonly number[], apart = ne[0] ?? 1): GraphTensor {
  const row = ne[0] ?? 1;
  const tokens = ne[ne.length - 1] ?? 1;
  const heads = ne.length > 1 ? elementsOf(ne) / row / tokens : 1;
  const between = of.bytes / tokens;
  const each = bytesOf(of.type, [(heads - 1) * apart + row]);
  return graphTensor("view", of.type, ne, [of], {
    bytes: between * (tokens - 1) + each,
    viewOf: of.viewOf ?? of,
    permuted: of.permuted || each < between || apart !== row,
  });
}

export function sameLayout(a: GraphTensor, b: GraphTensor): boolean {
  if (a.type !== b.type || a.permuted !== b.permuted) return false;
  const dims = Math.max(a.ne.length, b.ne.length);
  for (let i = 0; i < dims; i++) if ((a.ne[i] ?? 1) !== (b.ne[i] ?? 1)) return false;
  return true;
}

/** Tensors in the order of computation, and apart from them those that nothing computes and no memory holds yet. */
export class Graph {
  readonly nodes: GraphTensor[] = [];
  readonly leaves: GraphTensor[] = [];

  /** Adds what the tensor needs, first source first, then the tensor (ggml_build_forward_expand, ggml/src/ggml.c). */
  expand(tensor: GraphTensor): void {
    if (tensor.inGraph || tensor.home !== -1) return;
    tensor.inGraph = true;
    const { sources } = tensor;
    for (let at = 0; at < sources.length; at++) {
      const source = sources[at] as GraphTensor;
      if (!source.inGraph) this.expand(source);
    }
    (tensor.op === "none" ? this.leaves : this.nodes).push(tensor);
  }
}
