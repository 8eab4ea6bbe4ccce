/**
 * Walks a scheduled graph as ggml's allocator does and tells how large each buffer must be: results are kept until their
 * last reader is done, and some operations write over what they read (ggml_gallocr, ggml/src/ggml-alloc.c, v0.4.0).
 */
import { BufferAllocator } from "./bufferAllocator.ts";
import { sameLayout, type GraphOp, type GraphTensor } from "./graphTensor.ts";

/** A graph in the order of allocation, each tensor with the buffer it goes to. */
export interface ScheduledGraph {
  readonly nodes: readonly GraphTensor[];
  readonly leaves: readonly GraphTensor[];
}

export interface BufferKind {
  readonly alignment: number;
  /** Larger buffers are several. */
  readonly maxChunkBytes: number;
  /** Rows of quantized tensors are padded: the bytes of a tensor in this buffer. */
  readonly bytesOf: (tensor: GraphTensor) => number;
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
]);

/** Bytes of each buffer. Marks the tensors: a graph is allocated once. */
export function allocateGraph(
  { nodes, leaves }: ScheduledGraph,
  buffers: readonly BufferKind[],
): number[] {
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
  return walk.peaks();
}

class Allocation {
  private readonly kinds: readonly BufferKind[];
  private readonly allocators: readonly BufferAllocator[];

  constructor(kinds: readonly BufferKind[]) {
    this.kinds = kinds;
    this.allocators = kinds.map(
      ({ alignment, maxChunkBytes }) => new BufferAllocator(alignment, maxChunkBytes),
    );
  }

  peaks(): number[] {
    return this.allocators.map(({ peakBytes }) => peakBytes);
  }

  allocate(tensor: GraphTensor, buffer: number): void {
    if (tensor.home !== -1 || tensor.allocated || tensor.viewOf !== null) return;
    tensor.allocated = true;
    if (inPlace.has(tensor.op) && this.takeOver(tensor)) return;
    tensor.buffer = buffer;
    tensor.address = this.allocator(buffer).take(this.bytesIn(tensor, buffer));
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
    tensor.address = base.address;
    base.allocated = false;
    this.freeSurplus(tensor, base);
    return true;
  }

  private freeSurplus(tensor: GraphTensor, base: GraphTensor): void {
    const allocator = this.allocator(base.buffer);
    const had = allocator.padded(this.bytesIn(base, base.buffer));
    const needs = allocator.padded(this.bytesIn(tensor, base.buffer));
    if (had > needs) allocator.give(base.address + needs, had - needs);
  }

  private free(tensor: GraphTensor): void {
    if (tensor.output) return;
    this.allocator(tensor.buffer).give(tensor.address, this.bytesIn(tensor, tensor.buffer));
    tensor.allocated = false;
  }

  private bytesIn(tensor: GraphTensor, buffer: number): number {
    const bytes = this.kinds[buffer]?.bytesOf(tensor) ?? tensor.bytes;
    return bytes + (tensor.scratchBytes[buffer] ?? 0);
  }

  private allocator(buffer: number): BufferAllocator {
    const allocator = this.allocators[buffer];
    if (allocator === undefined) throw new RangeError(`no buffer ${buffer}`);
    return allocator;
  }
}
