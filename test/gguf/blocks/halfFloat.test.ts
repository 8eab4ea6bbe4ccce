import { expect, test } from "vitest";
import { halfBits, halfValue } from "../../../src/gguf/blocks/halfFloat.ts";
import { dequantize } from "../ggmlBase.ts";
import { ggmlTypes } from "../../../src/gguf/ggmlTypes.ts";

test.each([
  [1, 0x3c_00],
  [-2, 0xc0_00],
  [65_504, 0x7b_ff],
  [2 ** -14, 0x04_00],
  [1 + 1 / 2048, 0x3c_00],
  [1 + 3 / 2048, 0x3c_02],
])("%d is encoded to nearest, ties to even", (value, bits) => {
  expect(halfBits(value)).toBe(bits);
});

test("no scale becomes zero, subnormal or infinite", () => {
  expect(halfBits(1e-9)).toBe(0x04_00);
  expect(halfBits(1e9)).toBe(0x7b_ff);
});

test("normal numbers mean what ggml reads", () => {
  const bits = Uint16Array.from({ length: 0x7c_00 - 0x04_00 }, (_, i) => 0x04_00 + i);
  const values = dequantize(ggmlTypes.f16.id, new Uint8Array(bits.buffer), bits.length);
  expect(Array.from(bits, halfValue)).toEqual([...values]);
  expect(Array.from(values, halfBits)).toEqual([...bits]);
});
