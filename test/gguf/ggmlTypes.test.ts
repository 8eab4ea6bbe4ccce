import { expect, test } from "vitest";
import { bytesOf, ggmlTypeById, ggmlTypeNames, ggmlTypes } from "../../src/gguf/ggmlTypes.ts";
import { traitsOf } from "./ggmlBase.ts";

test.each(ggmlTypeNames)("%s has ggml's name, block size and block bytes", (name) => {
  const { id, blockSize, blockBytes } = ggmlTypes[name];
  const { type_name, blck_size, type_size } = traitsOf(id);
  expect([name, blockSize, blockBytes]).toEqual([type_name, blck_size, type_size]);
  expect(ggmlTypeById(id)).toBe(name);
});

test("a tensor's bytes are its blocks' bytes", () => {
  expect(bytesOf("q4_0", [4096, 32_000])).toBe(((4096 * 32_000) / 32) * 18);
  expect(bytesOf("f32", [4096])).toBe(16_384);
});
