/** Random values of sane size for tensors of any type, one stream for all of them. */
import { ggmlTypes, type GgmlTypeName } from "../../../gguf/ggmlTypes.ts";
import { pieceCapacity, WeightStream } from "../../../gguf/blocks/weightStream.ts";
import type { LlamaApi } from "../api.ts";
import type { Pointer } from "../structs.ts";

export interface Filling {
  readonly type: GgmlTypeName;
  readonly elements: number;
  readonly deviation: number;
}

export class RandomTensors {
  private readonly api: LlamaApi;
  private readonly seed: number;
  private stream = 0;
  /** Of the largest tensor so far: a layout of a device's own takes a tensor only as a whole. */
  private buffer = Buffer.alloc(0);

  constructor(api: LlamaApi, seed: number) {
    this.api = api;
    this.seed = seed;
  }

  fill(tensor: Pointer, { type, elements, deviation }: Filling): void {
    const { blockSize, blockBytes } = ggmlTypes[type];
    const blocks = elements / blockSize;
    const bytes = blocks * blockBytes;
    if (this.buffer.length < pieceCapacity(bytes)) this.buffer = Buffer.alloc(pieceCapacity(bytes));
    const content = { kind: "random", type, blocks, deviation } as const;
    new WeightStream([content], this.nextKey(), bytes).next(this.buffer, bytes);
    this.api.tensorSet(tensor, this.buffer, 0, bytes);
  }

  /** 16 bytes that no other tensor has. */
  private nextKey(): Uint8Array {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(this.seed >>> 0, 0);
    key.writeUInt32LE(this.stream++, 4);
    return key;
  }
}
