/** Random values of sane size for tensors of any type, one stream for all of them. */
import { ggmlTypes, type GgmlTypeName } from "../../../gguf/ggmlTypes.ts";
import { pieceCapacity, WeightStream } from "../../../gguf/blocks/weightStream.ts";
import type { LlamaApi } from "../api.ts";
import type { Pointer } from "../structs.ts";

export interface Filling {
  readonly type: GgmlTypeName;
  readonly elements: number;
  readonly deviation: number;
  /** Whether its place takes a tensor part by part: a layout of a device's own takes it only as a whole. */
  readonly inParts: boolean;
}

/** A multiple of four bytes, which each part begins at. */
const partBytes = 16 * 2 ** 20;

export class RandomTensors {
  private readonly api: LlamaApi;
  private readonly seed: number;
  private stream = 0;
  /** Of the largest part so far. */
  private buffer = Buffer.alloc(0);

  constructor(api: LlamaApi, seed: number) {
    this.api = api;
    this.seed = seed;
  }

  fill(tensor: Pointer, { type, elements, deviation, inParts }: Filling): void {
    const { blockSize, blockBytes } = ggmlTypes[type];
    const blocks = elements / blockSize;
    const bytes = blocks * blockBytes;
    const most = inParts ? Math.min(partBytes, bytes) : bytes;
    if (this.buffer.length < pieceCapacity(most)) this.buffer = Buffer.alloc(pieceCapacity(most));
    const content = { kind: "random", type, blocks, deviation } as const;
    const stream = new WeightStream([content], this.nextKey(), bytes);
    for (let offset = 0; offset < bytes;) {
      const part = stream.next(this.buffer, Math.min(most, bytes - offset));
      this.api.tensorSet(tensor, this.buffer, offset, part);
      offset += part;
    }
  }

  /** 16 bytes that no other tensor has. */
  private nextKey(): Uint8Array {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(this.seed >>> 0, 0);
    key.writeUInt32LE(this.stream++, 4);
    return key;
  }
}
