import { expect, test } from "vitest";
import { poolBytes, randomPool } from "../../../src/gguf/blocks/randomPool.ts";
import { WeightStream, pieceCapacity } from "../../../src/gguf/blocks/weightStream.ts";
import type { TensorContent } from "../../../src/gguf/blocks/weightStream.ts";

const key = Buffer.alloc(16, 7);

/** Blocks of every alignment, values, and padding between them. */
const contents: TensorContent[] = [
  { kind: "random", type: "q4_0", blocks: 1001, deviation: 0.02 },
  { kind: "values", values: new Float32Array(77).fill(1) },
  { kind: "random", type: "q6_K", blocks: 333, deviation: 0.02 },
  { kind: "random", type: "q4_K", blocks: 101, deviation: 0.01 },
  { kind: "random", type: "f16", blocks: 12_345, deviation: 0.01 },
  { kind: "random", type: "f32", blocks: 777, deviation: 0.01 },
];

function read(pieceBytes: number): Buffer {
  const stream = new WeightStream(contents, key, 200_000);
  const target = Buffer.alloc(pieceCapacity(pieceBytes));
  const pieces: Buffer[] = [];
  for (;;) {
    const bytes = stream.next(target, pieceBytes);
    if (bytes === 0) return Buffer.concat(pieces);
    pieces.push(Buffer.from(target.subarray(0, bytes)));
  }
}

test("the pieces' size doesn't change the weights", () => {
  const whole = read(1 << 20);
  expect(whole.length % 32).toBe(0);
  for (const pieceBytes of [32, 4096, 10_016]) expect(read(pieceBytes).equals(whole)).toBe(true);
});

test("given values stand as they are, padded to the next tensor", () => {
  const whole = read(1 << 20);
  const start = Math.ceil((1001 * 18) / 32) * 32;
  const values = Array.from({ length: 77 }, (_, i) => whole.readFloatLE(start + 4 * i));
  expect(new Set(values)).toEqual(new Set([1]));
  expect(whole.subarray(start + 77 * 4, Math.ceil((start + 77 * 4) / 32) * 32)).toEqual(
    Buffer.alloc(12),
  );
});

test("floats are whole behind blocks that end anywhere", () => {
  const deviation = 0.01;
  for (const blocks of [1, 2, 3, 1001]) {
    const stream = new WeightStream(
      [
        { kind: "random", type: "q4_0", blocks, deviation },
        { kind: "random", type: "f32", blocks: 500, deviation },
      ],
      key,
      200_000,
    );
    const target = Buffer.alloc(pieceCapacity(1 << 20));
    stream.next(target, 1 << 20);
    const start = Math.ceil((blocks * 18) / 32) * 32;
    const values = Array.from({ length: 500 }, (_, i) => target.readFloatLE(start + 4 * i));
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(6 * deviation);
  }
});

test("another key gives other weights", () => {
  const first = Buffer.from(randomPool(key, 1000));
  expect(first.equals(randomPool(key, 1000))).toBe(true);
  expect(first.equals(randomPool(Buffer.alloc(16, 8), 1000))).toBe(false);
});

test("nothing repeats within 64 MiB", () => {
  expect(poolBytes).toBeGreaterThan(64 * 2 ** 20);
  for (let divisor = 2; divisor * divisor <= poolBytes; divisor++) {
    expect(poolBytes % divisor).not.toBe(0);
  }
});
