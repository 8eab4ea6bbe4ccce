/**
 * Free memory of one growing buffer, in chunks of limited size: the smallest block that is large enough is taken,
 * neighbours are merged again, and a chunk grows at its end, or another begins, where no block will do
 * (ggml_dyn_tallocr, ggml/src/ggml-alloc.c, v0.4.0).
 */
import { alignTo } from "../../gguf/tensorTable.ts";

interface Block {
  start: number;
  size: number;
}

interface Chunk {
  /** By start; the last one reaches to where the chunk may grow. */
  readonly free: Block[];
  peak: number;
}

interface Found {
  readonly chunk: number;
  readonly block: number;
}

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
    const found = this.holeFor(size) ?? this.endFor(size) ?? this.newChunk(size);
    const chunk = this.chunks[found.chunk] as Chunk;
    const { free } = chunk;
    const block = free[found.block] as Block;
    const { start } = block;
    block.start += size;
    block.size -= size;
    if (block.size === 0) free.splice(found.block, 1);
    chunk.peak = Math.max(chunk.peak, start + size);
    return found.chunk * chunkStride + start;
  }

  /**
   * Merges with the first free block that it touches, and that one with its neighbour alone: blocks without a size, of
   * tensors without elements, keep others apart.
   */
  give(address: number, bytes: number): void {
    const size = this.padded(bytes);
    const index = Math.floor(address / chunkStride);
    const start = address - index * chunkStride;
    const end = start + size;
    const { free } = this.chunks[index] as Chunk;
    for (let at = 0; at < free.length; at++) {
      const block = free[at] as Block;
      if (block.start > end) break;
      if (block.start + block.size === start) {
        block.size += size;
        mergeWithNext(free, at);
        return;
      }
      if (block.start === end) {
        block.start = start;
        block.size += size;
        if (at > 0) mergeWithNext(free, at - 1);
        return;
      }
    }
    const later = free.findIndex((block) => block.start >= start);
    free.splice(later === -1 ? free.length : later, 0, { start, size });
  }

  /** The smallest hole that holds it, of equals the last; a later chunk's goes before an earlier one's. */
  private holeFor(size: number): Found | undefined {
    let found: Found | undefined;
    for (let chunk = 0; chunk < this.chunks.length; chunk++) {
      const { free } = this.chunks[chunk] as Chunk;
      let best = Infinity;
      let block = -1;
      for (let at = 0; at < free.length - 1; at++) {
        const hole = (free[at] as Block).size;
        if (hole < size || hole > best) continue;
        best = hole;
        block = at;
      }
      if (block !== -1) found = { chunk, block };
    }
    return found;
  }

  /** The chunk whose end has the room already, least of it too much; else the one that grows least. */
  private endFor(size: number): Found | undefined {
    let found: Found | undefined;
    let best = -Infinity;
    for (const [chunk, { free, peak }] of this.chunks.entries()) {
      const end = free.at(-1);
      if (end === undefined || end.size < size) continue;
      const spare = peak - end.start - size;
      if (best < 0 ? spare > best : spare >= 0 && spare < best) {
        best = spare;
        found = { chunk, block: free.length - 1 };
      }
    }
    return found;
  }

  private newChunk(size: number): Found {
    const last = this.chunks.length >= maxChunks - 1;
    const room = last ? chunkStride : Math.max(size, this.maxChunkBytes);
    this.chunks.push({ free: [{ start: 0, size: room }], peak: 0 });
    return { chunk: this.chunks.length - 1, block: 0 };
  }
}

function mergeWithNext(free: Block[], at: number): void {
  const block = free[at] as Block;
  const next = free[at + 1];
  if (next === undefined || block.start + block.size !== next.start) return;
  block.size += next.size;
  free.splice(at + 1, 1);
}
