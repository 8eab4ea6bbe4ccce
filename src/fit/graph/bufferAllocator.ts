/**
 * Free memory of one growing buffer, in chunks of limited size: the smallest block that is large enough is taken,
 * neighbours are merged again, and a chunk grows at its end, or another begins, where no block will do
 * (ggml_dyn_tallocr, ggml/src/ggml-alloc.c, v0.4.0).
 */
import { alignTo } from "../../gguf/tensorTable.ts";

/** Distance between the addresses of two chunks: more than any buffer holds. */
const chunkStride = 2 ** 46;

/** GGML_VBUFFER_MAX_CHUNKS; the last one may grow without end. */
const maxChunks = 16;

export class BufferAllocator {
  private readonly alignment: number;
  private readonly maxChunkBytes: number;
  private readonly chunks: Chunk[] = [];

  constructor(alignment: number, maxChunkBytes: number) {
    this.alignment = alignment;
    this.maxChunkBytes = Math.min(maxChunkBytes, chunkStride);
  }

  /** The most that was in use at a time, holes included. */
  get peakBytes(): number {
    return this.chunks.reduce((sum, { peak }) => sum + peak, 0);
  }

  padded(bytes: number): number {
    return alignTo(bytes, this.alignment);
  }

  /** Returns the address. */
  take(bytes: number): number {
    const size = this.padded(bytes);
    // A later chunk's hole goes before an earlier one's.
    for (let index = this.chunks.length - 1; index >= 0; index--) {
      const chunk = this.chunks[index] as Chunk;
      const hole = chunk.holeFor(size);
      if (hole !== -1) return index * chunkStride + chunk.take(hole, size);
    }
    const index = this.endFor(size);
    const chunk = this.chunks[index] ?? this.newChunk(size);
    return index * chunkStride + chunk.take(chunk.end, size);
  }

  give(address: number, bytes: number): void {
    const index = Math.floor(address / chunkStride);
    (this.chunks[index] as Chunk).give(address - index * chunkStride, this.padded(bytes));
  }

  /** The chunk whose end has the room already, least of it too much; else the one that grows least, or a new one. */
  private endFor(size: number): number {
    let found = this.chunks.length;
    let best = -Infinity;
    for (let index = 0; index < this.chunks.length; index++) {
      const spare = (this.chunks[index] as Chunk).spareAtEnd(size);
      if (spare === null) continue;
      if (best < 0 ? spare > best : spare >= 0 && spare < best) {
        best = spare;
        found = index;
      }
    }
    return found;
  }

  private newChunk(size: number): Chunk {
    const last = this.chunks.length >= maxChunks - 1;
    const chunk = new Chunk(last ? chunkStride : Math.max(size, this.maxChunkBytes));
    this.chunks.push(chunk);
    return chunk;
  }
}

/** Its free blocks by start, two numbers each; the last one reaches to where the chunk may grow. */
class Chunk {
  peak = 0;
  private readonly starts = [0];
  private readonly sizes: number[];

  constructor(room: number) {
    this.sizes = [room];
  }

  /** The last block. */
  get end(): number {
    return this.sizes.length - 1;
  }

  /** The smallest block before the end that is large enough, of equals the last; -1 where there is none. */
  holeFor(size: number): number {
    const { sizes } = this;
    let best = Infinity;
    let found = -1;
    for (let at = 0; at < sizes.length - 1; at++) {
      const hole = sizes[at] ?? 0;
      if (hole < size || hole > best) continue;
      best = hole;
      found = at;
    }
    return found;
  }

  /** Bytes by which the chunk is larger already than it would be; below 0 it would grow by as many. Null without room. */
  spareAtEnd(size: number): number | null {
    const { starts, sizes, end } = this;
    if (end === -1 || (sizes[end] ?? 0) < size) return null;
    return this.peak - (starts[end] ?? 0) - size;
  }

  /** Returns where it begins. */
  take(block: number, size: number): number {
    const start = this.starts[block] ?? 0;
    const left = (this.sizes[block] ?? 0) - size;
    if (left === 0) this.remove(block);
    else {
      this.starts[block] = start + size;
      this.sizes[block] = left;
    }
    this.peak = Math.max(this.peak, start + size);
    return start;
  }

  /**
   * Merges with the first free block that it touches, and that one with its neighbour alone: blocks without a size, of
   * tensors without elements, keep others apart.
   */
  give(start: number, size: number): void {
    const { starts, sizes } = this;
    const end = start + size;
    for (let at = 0; at < starts.length; at++) {
      const free = starts[at] ?? 0;
      const freeSize = sizes[at] ?? 0;
      if (free > end) break;
      if (free + freeSize === start) {
        sizes[at] = freeSize + size;
        this.mergeWithNext(at);
        return;
      }
      if (free === end) {
        starts[at] = start;
        sizes[at] = freeSize + size;
        if (at > 0) this.mergeWithNext(at - 1);
        return;
      }
    }
    const later = starts.findIndex((free) => free >= start);
    const at = later === -1 ? starts.length : later;
    starts.splice(at, 0, start);
    sizes.splice(at, 0, size);
  }

  private mergeWithNext(at: number): void {
    const { starts, sizes } = this;
    if (at >= this.end) return;
    const size = sizes[at] ?? 0;
    if ((starts[at] ?? 0) + size !== starts[at + 1]) return;
    sizes[at] = size + (sizes[at + 1] ?? 0);
    this.remove(at + 1);
  }

  private remove(block: number): void {
    this.starts.splice(block, 1);
    this.sizes.splice(block, 1);
  }
}
