import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readGgufModel } from "../../src/gguf/splitFile.ts";
import { encodeHeader, placeTensors } from "../../src/gguf/writeHeader.ts";
import type { MetadataEntry, TypedTensor } from "../../src/gguf/writeHeader.ts";
import { temporaryFolder } from "./temporaryFolder.ts";
import { tinyGguf } from "./tinyGguf.ts";

const folder = temporaryFolder();
const tiny = tinyGguf();

const u32 = (key: string, value: number): MetadataEntry => ({ key, type: "u32", value });

function writeShard(name: string, index: number, count: number, tensors: readonly TypedTensor[]) {
  const placed = placeTensors(tensors);
  const split = [
    u32("split.no", index),
    u32("split.count", count),
    u32("split.tensors.count", tiny.tensors.length),
  ];
  const header = encodeHeader(index === 0 ? [...tiny.metadata, ...split] : split, placed);
  const last = placed.at(-1);
  const data = Buffer.alloc(last ? last.offset + last.bytes : 0);
  const number = String(index + 1).padStart(5, "0");
  const path = join(folder, `${name}-${number}-of-${String(count).padStart(5, "0")}.gguf`);
  writeFileSync(path, Buffer.concat([header, data]));
  return path;
}

test("the first file of a split model names the whole set", () => {
  const path = writeShard("whole", 0, 2, tiny.tensors.slice(0, 5));
  writeShard("whole", 1, 2, tiny.tensors.slice(5));
  const model = readGgufModel(path);
  expect(model.files).toHaveLength(2);
  expect(model.tensors.map(({ name }) => name)).toEqual(tiny.tensors.map(({ name }) => name));
  expect(model.metadata.get("general.architecture")).toBe("llama");
});

test("a missing file of the set is named", () => {
  const path = writeShard("lone", 0, 2, tiny.tensors);
  expect(() => readGgufModel(path)).toThrow(/lone-00002-of-00002.gguf: no such file/);
});

test("another file than the first is refused, naming the first", () => {
  const path = writeShard("later", 1, 2, tiny.tensors);
  expect(() => readGgufModel(path)).toThrow(/part 2 of 2; name the first, .*later-00001-of-00002/);
});

test("a renamed first file is refused: llama.cpp would not find the others", () => {
  const path = writeShard("renamed", 0, 2, tiny.tensors);
  const copy = join(folder, "model.gguf");
  copyFileSync(path, copy);
  expect(() => readGgufModel(copy)).toThrow(/must be called …-00001-of-00002.gguf/);
});

test("a file of another set is refused", () => {
  const path = writeShard("mixed", 0, 2, tiny.tensors.slice(0, 5));
  copyFileSync(path, join(folder, "mixed-00002-of-00002.gguf"));
  expect(() => readGgufModel(path)).toThrow(/doesn't belong .*split.no 1 expected, got 0/);
});

test("tensors that are left out or stand twice are noticed", () => {
  const short = writeShard("short", 0, 2, tiny.tensors.slice(0, 5));
  writeShard("short", 1, 2, tiny.tensors.slice(6));
  expect(() => readGgufModel(short)).toThrow(/states \d+ tensors and its files hold \d+/);
  const double = writeShard("double", 0, 2, tiny.tensors.slice(0, 5));
  writeShard("double", 1, 2, tiny.tensors.slice(4));
  expect(() => readGgufModel(double)).toThrow(/stands in two files/);
});

test("absurd counts of files are refused unread", () => {
  const path = join(folder, "many.gguf");
  const header = encodeHeader([u32("split.no", 0), u32("split.count", 60_000)], []);
  writeFileSync(path, header);
  expect(() => readGgufModel(path)).toThrow(/split into 60000 files/);
});
