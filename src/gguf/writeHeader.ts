/** Encodes the header of a GGUF v3 file: metadata and tensor infos (format: ggml's docs/gguf.md and ggml/src/gguf.cpp). */
import { bytesOf, ggmlTypes } from "./ggmlTypes.ts";
import type { GgmlTypeName } from "./ggmlTypes.ts";
import { arrayTypeId, currentVersion, magic, scalarTypes, stringTypeId } from "./metadataTypes.ts";
import { alignTo, defaultAlignment } from "./tensorTable.ts";

/** The kinds of values that our files need, and whole entries as they stood in another file. */
export type MetadataEntry = { readonly key: string } & (
  | { readonly type: "u32" | "i32" | "f32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "i32[]"; readonly value: readonly number[] }
  | { readonly type: "string[]"; readonly value: readonly string[] }
  | { readonly type: "copied"; readonly value: Uint8Array }
);

export interface TypedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: GgmlTypeName;
}

/** A tensor's place in the file's data section, in bytes. */
export interface PlacedTensor extends TypedTensor {
  readonly offset: number;
  readonly bytes: number;
}

/** Places tensors one behind the other, each at an aligned offset, as llama.cpp demands. */
export function placeTensors(
  tensors: readonly TypedTensor[],
  alignment = defaultAlignment,
): PlacedTensor[] {
  let offset = 0;
  return tensors.map(({ name, dims, type }) => {
    const placed = { name, dims, type, offset, bytes: bytesOf(type, dims) };
    offset += alignTo(placed.bytes, alignment);
    return placed;
  });
}

/** The header's bytes, padded to where the tensor data begins. */
export function encodeHeader(
  metadata: readonly MetadataEntry[],
  tensors: readonly PlacedTensor[],
  alignment = defaultAlignment,
): Buffer {
  const out = new HeaderBuffer();
  out.u32(magic);
  out.u32(currentVersion);
  out.u64(tensors.length);
  out.u64(metadata.length);
  for (const entry of metadata) encodeEntry(out, entry);
  for (const { name, dims, type, offset } of tensors) {
    out.string(name);
    out.u32(dims.length);
    for (const n of dims) out.u64(n);
    out.u32(ggmlTypes[type].id);
    out.u64(offset);
  }
  return out.padded(alignment);
}

function encodeEntry(out: HeaderBuffer, entry: MetadataEntry): void {
  if (entry.type === "copied") {
    out.copy(entry.value);
    return;
  }
  out.string(entry.key);
  switch (entry.type) {
    case "string":
      out.u32(stringTypeId);
      out.string(entry.value);
      break;
    case "bool":
      out.u32(scalarTypes.bool.id);
      out.u8(Number(entry.value));
      break;
    case "u32":
      out.u32(scalarTypes.u32.id);
      out.u32(entry.value);
      break;
    case "i32":
      out.u32(scalarTypes.i32.id);
      out.i32(entry.value);
      break;
    case "f32":
      out.u32(scalarTypes.f32.id);
      out.f32(entry.value);
      break;
    case "i32[]":
      out.arrayHead(scalarTypes.i32.id, entry.value.length);
      for (const value of entry.value) out.i32(value);
      break;
    case "string[]":
      out.arrayHead(stringTypeId, entry.value.length);
      for (const value of entry.value) out.string(value);
      break;
    default:
      entry satisfies never;
  }
}

/** A buffer that doubles when full: a vocabulary of 128,256 tokens makes 2 MB. */
class HeaderBuffer {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;

  u8(value: number): void {
    this.#length = this.#room(1).writeUInt8(value, this.#length);
  }

  u32(value: number): void {
    this.#length = this.#room(4).writeUInt32LE(value, this.#length);
  }

  i32(value: number): void {
    this.#length = this.#room(4).writeInt32LE(value, this.#length);
  }

  f32(value: number): void {
    this.#length = this.#room(4).writeFloatLE(value, this.#length);
  }

  u64(value: number): void {
    this.u32(value % 2 ** 32);
    this.u32(Math.floor(value / 2 ** 32));
  }

  string(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.u64(bytes);
    this.#room(bytes).write(value, this.#length);
    this.#length += bytes;
  }

  copy(bytes: Uint8Array): void {
    this.#room(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  arrayHead(elementType: number, length: number): void {
    this.u32(arrayTypeId);
    this.u32(elementType);
    this.u64(length);
  }

  padded(alignment: number): Buffer {
    const length = alignTo(this.#length, alignment);
    return this.#room(length - this.#length).subarray(0, length);
  }

  #room(bytes: number): Buffer {
    if (this.#length + bytes > this.#bytes.length) {
      const larger = Buffer.alloc(2 * (this.#length + bytes));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}
