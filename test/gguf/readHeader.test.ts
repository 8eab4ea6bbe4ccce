import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LlmbenchError } from "../../src/errors.ts";
import { readGgufHeader } from "../../src/gguf/readHeader.ts";
import { placeTensors, encodeHeader } from "../../src/gguf/writeHeader.ts";
import type { MetadataEntry, PlacedTensor } from "../../src/gguf/writeHeader.ts";
import { temporaryFolder } from "./temporaryFolder.ts";
import { tinyGguf } from "./tinyGguf.ts";

const folder = temporaryFolder();
const tiny = tinyGguf();

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The tiny file with `bytes` at `offset`. */
function patched(offset: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(tiny.bytes);
  copy.set(bytes, offset);
  return copy;
}

function header(metadata: readonly MetadataEntry[], tensors: readonly PlacedTensor[] = []): Buffer {
  return encodeHeader(metadata, tensors);
}

test("what was written is read back", () => {
  const read = readGgufHeader(fileOf("tiny.gguf", tiny.bytes));
  expect(read.version).toBe(3);
  expect(read.tensors).toEqual(tiny.tensors);
  expect(read.dataOffset).toBe(tiny.headerBytes);
  expect(read.metadata.get("general.architecture")).toBe("llama");
  expect(read.metadata.get("llama.embedding_length")).toBe(64);
  expect(read.metadata.get("llama.rope.freq_base")).toBe(10_000);
  expect(read.metadata.get("tokenizer.ggml.add_bos_token")).toBe(true);
});

test("vocabularies of a real size are counted and not kept", () => {
  const value = Array.from({ length: 5000 }, (_, i) => `<${i}>`);
  const bytes = header([{ key: "tokenizer.ggml.tokens", type: "string[]", value }]);
  const read = readGgufHeader(fileOf("vocabulary.gguf", bytes));
  expect(read.metadata.get("tokenizer.ggml.tokens")).toEqual({ length: 5000, values: null });
});

describe("refuses, naming the file and what is wrong", () => {
  const [first, second] = tiny.tensors as [PlacedTensor, PlacedTensor];
  const twice = placeTensors([first, { ...second, name: first.name }]);
  const cases: Record<string, readonly [bytes: Uint8Array, message: RegExp]> = {
    "an empty file": [Buffer.alloc(0), /it is empty/],
    "three bytes": [Buffer.from("GGU"), /ends at byte 3, within its header/],
    "another format": [Buffer.from("PK\u0003\u0004 a zip file"), /doesn't begin with GGUF/],
    "version 1": [patched(4, [1, 0, 0, 0]), /version 2 or 3 expected, got 1/],
    "version 77": [patched(4, [77, 0, 0, 0]), /version 2 or 3 expected, got 77/],
    "big-endian": [patched(4, [0, 0, 0, 3]), /big-endian/],
    "2^63 tensors": [patched(8, [0, 0, 0, 0, 0, 0, 0, 0x80]), /tensors: at most 65536 expected/],
    "2^40 metadata entries": [patched(16, [0, 0, 0, 0, 0, 1, 0, 0]), /metadata entries: at most/],
    "a key of 2^32 bytes": [
      patched(24, [0, 0, 0, 0, 1]),
      /bytes of a metadata key: at most 1024 expected, got 4294967296/,
    ],
    "a truncated header": [tiny.bytes.subarray(0, 2000), /ends at byte 2000, within its header/],
    "truncated data": [tiny.bytes.subarray(0, -1), /its tensors need \d+ bytes and it has \d+/],
    "a repeated key": [
      header([
        { key: "a.b", type: "u32", value: 1 },
        { key: "a.b", type: "u32", value: 2 },
      ]),
      /metadata key "a.b" stands twice/,
    ],
    "an empty key": [header([{ key: "", type: "u32", value: 1 }]), /metadata key 0 is empty/],
    "an alignment of 3": [
      header([{ key: "general.alignment", type: "u32", value: 3 }]),
      /general.alignment: a power of two expected, got 3/,
    ],
    "an alignment that is a text": [
      header([{ key: "general.alignment", type: "string", value: "32" }]),
      /general.alignment: a power of two expected/,
    ],
    "a tensor that stands twice": [header([], twice), /tensor "token_embd.weight" stands twice/],
    "overlapping tensors": [
      header([], [first, { ...second, offset: 0 }]),
      /offset \d+ expected, got 0/,
    ],
    "a misaligned tensor": [
      header([], [first, { ...second, offset: second.offset + 8 }]),
      /offset \d+ expected/,
    ],
    "a tensor beyond the file": [
      header([], placeTensors([{ ...first, dims: [256, 2 ** 40] }])),
      /its tensors need/,
    ],
    "dimensions whose product overflows": [
      header([], [{ ...first, dims: [2 ** 31, 2 ** 31, 2 ** 31] }]),
      /is too large/,
    ],
    "a row that its blocks don't divide": [
      header([], [{ ...first, dims: [33, 10], type: "q8_0" }]),
      /rows of a multiple of 32 expected for q8_0, got 33 × 10/,
    ],
    "an empty dimension": [header([], [{ ...first, dims: [0, 10] }]), /rows of a multiple/],
    "five dimensions": [
      header([], [{ ...first, dims: [32, 1, 1, 1, 1] }]),
      /1 to 4 dimensions expected, got 5/,
    ],
    "a tensor name of 64 bytes": [
      header([], [{ ...first, name: "n".repeat(64) }]),
      /bytes of a tensor name: at most 63/,
    ],
  };

  test.each(Object.entries(cases))("%s", (name, [bytes, message]) => {
    const path = fileOf(`${name.replaceAll(/\W/g, "-")}.gguf`, bytes);
    const read = () => readGgufHeader(path);
    expect(read).toThrow(LlmbenchError);
    expect(read).toThrow(message);
    expect(read).toThrow(path);
    expect(read).not.toThrow(/\n/);
  });

  test("a file that isn't there, and a folder", () => {
    expect(() => readGgufHeader(join(folder, "none.gguf"))).toThrow(/none.gguf: no such file/);
    mkdirSync(join(folder, "folder.gguf"));
    expect(() => readGgufHeader(join(folder, "folder.gguf"))).toThrow(/not a file/);
  });

  test.skipIf(process.platform === "win32")("a device, instead of reading it for ever", () => {
    expect(() => readGgufHeader("/dev/zero")).toThrow("/dev/zero: not a file");
  });
});

test("control characters of a hostile name don't reach the terminal", () => {
  const [first] = tiny.tensors as [PlacedTensor];
  const bytes = header([], [{ ...first, name: "\u001B[2J\u009B31m", dims: [0] }]);
  const path = fileOf("escape.gguf", bytes);
  expect(() => readGgufHeader(path)).toThrow(/rows of/);
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  expect(() => readGgufHeader(path)).not.toThrow(/[\u0000-\u001F\u007F-\u009F]/);
});
