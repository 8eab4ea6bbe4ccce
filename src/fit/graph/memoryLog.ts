/** What happens to the memory of a graph's tensors, in order; how large buffers get that follow it. */
import { BufferAllocator } from "./bufferAllocator.ts";
import type { GraphWeight } from "./graphTensor.ts";

export type MemoryEvent = "take" | "trim" | "give";

export interface WeightCopy {
  readonly weight: GraphWeight;
  readonly buffer: number;
  /** Of the event that takes it. */
  readonly row: number;
}

/** One row an event. Pieces are numbered in the order in which they are taken. */
export class MemoryLog {
  readonly events: MemoryEvent[] = [];
  readonly pieces: number[] = [];
  /** That a piece is taken to, and how large it is from then on; 0 where it is given back. */
  readonly bytes: number[] = [];
  /** By piece. */
  readonly buffers: number[] = [];
  /** Pieces that weights are copied to: models of one shape differ in their sizes alone. */
  readonly copies: WeightCopy[] = [];

  /** Returns the new piece. */
  take(buffer: number, bytes: number, weight: GraphWeight | null = null): number {
    const piece = this.buffers.push(buffer) - 1;
    if (weight !== null) this.copies.push({ weight, buffer, row: this.events.length });
    this.add("take", piece, bytes);
    return piece;
  }

  /** The end of a piece is given back. */
  trim(piece: number, bytes: number): void {
    this.add("trim", piece, bytes);
  }

  give(piece: number): void {
    this.add("give", piece, 0);
  }

  private add(event: MemoryEvent, piece: number, bytes: number): void {
    this.events.push(event);
    this.pieces.push(piece);
    this.bytes.push(bytes);
  }

  /** But for sizes. */
  isLike({ events, pieces, buffers }: MemoryLog): boolean {
    return (
      isSame(this.buffers, buffers) && isSame(this.pieces, pieces) && isSame(this.events, events)
    );
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** In bytes, one an event. */
export type Sizes = ArrayLike<number>;

export interface BufferLimits {
  readonly alignment: number;
  /** Larger buffers are several. */
  readonly maxChunkBytes: number;
}

/**
 * Bytes of each buffer.
 *
 * @param bytes by event, where they are others than the log's
 */
export function bufferPeaks(
  { events, pieces, buffers, bytes: logged }: MemoryLog,
  limits: readonly BufferLimits[],
  bytes: Sizes = logged,
): number[] {
  const allocators = limits.map(
    ({ alignment, maxChunkBytes }) => new BufferAllocator(alignment, maxChunkBytes),
  );
  const addresses = new Float64Array(buffers.length);
  const sizes = new Float64Array(buffers.length);
  // By index: a million rows in a table of fits.
  for (let row = 0; row < events.length; row++) {
    const event = events[row] as MemoryEvent;
    const piece = pieces[row] ?? 0;
    const allocator = allocators[buffers[piece] ?? -1];
    if (allocator === undefined) throw new RangeError(`no buffer ${buffers[piece]}`);
    const size = bytes[row] ?? 0;
    const had = sizes[piece] ?? 0;
    const address = addresses[piece] ?? 0;
    switch (event) {
      case "take":
        addresses[piece] = allocator.take(size);
        break;
      case "trim": {
        const [from, to] = [allocator.padded(size), allocator.padded(had)];
        if (to > from) allocator.give(address + from, to - from);
        break;
      }
      case "give":
        allocator.give(address, had);
        break;
      default:
        event satisfies never;
    }
    sizes[piece] = size;
  }
  return allocators.map(({ peakBytes }) => peakBytes);
}
