/**
 * Walks a scheduled graph as ggml's allocator does and logs what memory it takes and gives back: results are kept until
 * their last reader is done, and some operations write over what they read (ggml_gallocr, ggml/src/ggml-alloc.c, v0.4.0).
 */
import { sameLayout, type GraphOp, type GraphTensor } from "./graphTensor.ts";
import { MemoryLog, type BufferLimits } from "./memoryLog.ts";

/** A graph in the order of allocation, each tensor with the buffer it goes to. */
export interface ScheduledGraph {
  readonly nodes: readonly GraphTensor[];
  readonly leaves: readonly GraphTensor[];
}

/** What a tensor's bytes follow from. */
export type Sizes = Pick<GraphTensor, "type" | "ne" | "home" | "bytes">;

export interface BufferKind extends BufferLimits {
  /** Rows of quantized tensors are padded: the bytes of a tensor in this buffer. */
  readonly bytesOf: (tensor: Sizes) => number;
}

const inPlace: ReadonlySet<GraphOp> = new Set([
  "rms_norm",
  "mul",
  "add",
  "rope",
  "soft_max",
  "scale",
  "unary",
  "clamp",
  "div",
  "add_id",
  "fill",
  "sqr",
  "sqrt",
  "rope_back",
]);

/** Marks the tensors: a graph is allocated once. */
export function allocateGraph(
  { nodes, leaves }: ScheduledGraph,
  buffers: readonly BufferKind[],
): MemoryLog {
  const walk = new Allocation(buffers);
  for (const leaf of leaves) walk.allocate(leaf, leaf.backend);
  for (let at = 0; at < nodes.length; at++) walk.count(nodes[at] as GraphTensor);
  for (let at = 0; at < nodes.length; at++) walk.compute(nodes[at] as GraphTensor);
  return walk.log;
}

class Allocation {
  readonly log = new MemoryLog();
  private readonly kinds: readonly BufferKind[];

  constructor(kinds: readonly BufferKind[]) {
    this.kinds = kinds;
  }

  /** Its readers, before the first is computed; inputs are there by then. */
  count(node: GraphTensor): void {
    const { sources, viewOf } = node;
    if (viewOf !== null && node.op !== "none") viewOf.views += 1;
    if (node.input) this.allocate(node, node.backend);
    for (let at = 0; at < sources.length; at++) {
      const source = sources[at] as GraphTensor;
      source.children += 1;
      if (source.input) this.allocate(source, node.backend);
    }
  }

  compute(node: GraphTensor): void {
    const { sources, backend } = node;
    for (let at = 0; at < sources.length; at++) this.allocate(sources[at] as GraphTensor, backend);
    this.allocate(node, backend);
    for (let at = 0; at < sources.length; at++) this.release(sources[at] as GraphTensor);
  }

  allocate(tensor: GraphTensor, buffer: number): void {
    if (tensor.home !== -1 || tensor.allocated || tensor.viewOf !== null) return;
    tensor.allocated = true;
    if (inPlace.has(tensor.op) && this.takeOver(tensor)) return;
    tensor.buffer = buffer;
    tensor.piece = this.log.take(buffer, this.bytesIn(tensor, buffer), tensor.weight);
  }

  /** One reader less; the memory goes back after the last. */
  private release(source: GraphTensor): void {
    source.children -= 1;
    if (source.children > 0 || source.views > 0) return;
    const of = source.viewOf;
    if (of === null) {
      if (source.allocated) this.free(source);
      return;
    }
    of.views -= 1;
    if (of.views === 0 && of.children === 0 && of.allocated) this.free(of);
  }

  /** Writes over a source that nobody else reads; views are never written over. */
  private takeOver(tensor: GraphTensor): boolean {
    const base = writableSource(tensor);
    if (base === null) return false;
    tensor.buffer = base.buffer;
    tensor.piece = base.piece;
    base.allocated = false;
    const needs = this.bytesIn(tensor, base.buffer);
    if (needs < this.bytesIn(base, base.buffer)) this.log.trim(base.piece, needs);
    return true;
  }

  private free(tensor: GraphTensor): void {
    if (tensor.output) return;
    this.log.give(tensor.piece);
    tensor.allocated = false;
  }

  private bytesIn(tensor: GraphTensor, buffer: number): number {
    const bytes = this.kinds[buffer]?.bytesOf(tensor) ?? tensor.bytes;
    return bytes + (tensor.scratchBytes[buffer] ?? 0);
  }
}

/** The first source that nobody else reads, and that looks as the result does; null where there is none. */
function writableSource(tensor: GraphTensor): GraphTensor | null {
  const { sources } = tensor;
  for (let at = 0; at < sources.length; at++) {
    const source = sources[at] as GraphTensor;
    const alone = source.children === 1 && source.views === 0;
    if (source.allocated && !source.output && alone && sameLayout(tensor, source)) return source;
  }
  return null;
}
