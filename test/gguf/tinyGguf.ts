/** A small, complete GGUF file in memory, as our own writer makes it, to read and to damage. */
import { modelMetadata } from "../../src/gguf/modelMetadata.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { vocabularyMetadata } from "../../src/gguf/vocabulary.ts";
import { encodeHeader, placeTensors } from "../../src/gguf/writeHeader.ts";
import type { MetadataEntry, PlacedTensor } from "../../src/gguf/writeHeader.ts";
import { toy } from "./shapes.ts";

export interface TinyGguf {
  readonly bytes: Buffer;
  readonly headerBytes: number;
  readonly metadata: readonly MetadataEntry[];
  readonly tensors: readonly PlacedTensor[];
}

export function tinyGguf(
  shape: ModelShape = {
    ...toy,
    n_layers: 1,
    n_embd: 64,
    n_ff: 64,
    n_heads: 1,
    n_kv_heads: 1,
    n_vocab: 300,
  },
  extra: readonly MetadataEntry[] = [],
): TinyGguf {
  const metadata = [
    ...modelMetadata(shape, "q8_0", "tiny"),
    ...extra,
    ...vocabularyMetadata(shape),
  ];
  const tensors = placeTensors(
    tensorTable(shape).map(({ name, dims }) => ({
      name,
      dims,
      type: dims.length === 1 ? "f32" : "q8_0",
    })),
  );
  const header = encodeHeader(metadata, tensors);
  const last = tensors.at(-1);
  const data = Buffer.alloc(last ? last.offset + last.bytes : 0);
  return { bytes: Buffer.concat([header, data]), headerBytes: header.length, metadata, tensors };
}
