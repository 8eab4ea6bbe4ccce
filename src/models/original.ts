/** The model that an imitation goes by: its headers, and its tensors for those that are copied. */
import { closeSync, openSync, readSync } from "node:fs";
import type { EntrySpan } from "../gguf/readMetadata.ts";
import type { GgufModel } from "../gguf/splitFile.ts";
import type { PlacedTensor } from "../gguf/writeHeader.ts";

export interface Original {
  /** What results call it: a file's name without folders, or `hf:user/repo:QUANT`. */
  readonly name: string;
  readonly gguf: GgufModel;
  /** All bytes of a file's header. */
  readonly headerBytes: (file: number) => Uint8Array;
  /** Data of these tensors, in their order. */
  readonly readTensors: (
    tensors: readonly OriginalTensor[],
    signal?: AbortSignal,
  ) => Promise<readonly Uint8Array[]>;
}

export interface OriginalTensor extends PlacedTensor {
  /** Which file of a split model. */
  readonly file: number;
}

/** In the order of the files. */
export function originalTensors({ files }: GgufModel): readonly OriginalTensor[] {
  return files.flatMap(({ tensors }, file) => tensors.map((tensor) => ({ ...tensor, file })));
}

/** Bytes of a tensor in its file. */
export function tensorSpan(
  { files }: GgufModel,
  { file, offset, bytes }: OriginalTensor,
): EntrySpan {
  const start = (files[file]?.dataOffset ?? 0) + offset;
  return [start, start + bytes];
}

/** A model on this disk. */
export function originalOnDisk(name: string, gguf: GgufModel): Original {
  return {
    name,
    gguf,
    headerBytes: (file) => readSpan(gguf, file, [0, gguf.files[file]?.dataOffset ?? 0]),
    readTensors: async (tensors) =>
      tensors.map((tensor) => readSpan(gguf, tensor.file, tensorSpan(gguf, tensor))),
  };
}

function readSpan({ files }: GgufModel, file: number, [start, end]: EntrySpan): Uint8Array {
  const bytes = Buffer.alloc(end - start);
  const descriptor = openSync(files[file]?.path ?? "", "r");
  try {
    let done = 0;
    while (done < bytes.length) {
      const more = readSync(descriptor, bytes, done, bytes.length - done, start + done);
      if (more === 0) throw new RangeError(`${files[file]?.path} shrank while being read`);
      done += more;
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
