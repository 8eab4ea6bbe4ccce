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
  for (const node of nodes) {
    if (node.viewOf !== null && node.op !== "none") node.viewOf.views += 1;
    if (node.input) walk.allocate(node, node.backend);
    for (const source of node.sources) {
      source.children += 1;
      if (source.input) walk.allocate(source, node.backend);
    }
  }
  for (const node of nodes) {
    for (const source of node.sources) walk.allocate(source, node.backend);
    walk.allocate(node, node.backend);
    for (const source of node.sources) walk.release(source);
  }
  return walk.log;
}

class Allocation {
  readonly log = new MemoryLog();
  private readonly kinds: readonly BufferKind[];

  constructor(kinds: readonly BufferKind[]) {
    this.kinds = kinds;
  }

  allocate(tensor: GraphTensor, buffer: number): void {
    if (tensor.home !== -1 || tensor.allocated || tensor.viewOf !== null) return;
    tensor.allocated = true;
    if (inPlace.has(tensor.op) && this.takeOver(tensor)) return;
    tensor.buffer = buffer;
    tensor.piece = this.log.take(buffer, this.bytesIn(tensor, buffer), tensor.weight);
  }

  /** One reader less; the memory goes back after the last. */
  release(source: GraphTensor): void {
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
    const base = tensor.sources.find(
      (source) =>
        source.allocated &&
        !source.output &&
        source.children === 1 &&
        source.views === 0 &&
        sameLayout(tensor, source),
    );
    if (base === undefined) return false;
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
