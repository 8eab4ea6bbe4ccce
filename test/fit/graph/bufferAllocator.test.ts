import { array, assert, boolean, infiniteStream, integer, property } from "fast-check";
import { expect, it } from "vitest";
import { BufferAllocator } from "../../../src/fit/graph/bufferAllocator.ts";

const kib = 1024;

it("takes the smallest hole that is large enough", () => {
  const buffer = new BufferAllocator(32, Infinity);
  const [large, , small] = [4 * kib, kib, 2 * kib, kib].map((bytes) => buffer.take(bytes));
  buffer.give(Number(large), 4 * kib);
  buffer.give(Number(small), 2 * kib);
  expect(buffer.take(kib)).toBe(small);
  expect(buffer.peakBytes).toBe(8 * kib);
});

it("merges neighbours that are free", () => {
  const buffer = new BufferAllocator(32, Infinity);
  const [first, second, third] = [kib, kib, kib].map((bytes) => buffer.take(bytes));
  buffer.take(kib);
  for (const address of [first, third, second]) buffer.give(Number(address), kib);
  expect(buffer.take(3 * kib)).toBe(first);
  expect(buffer.peakBytes).toBe(4 * kib);
});

it("pads sizes to its alignment", () => {
  const buffer = new BufferAllocator(128, Infinity);
  buffer.take(1);
  expect(buffer.take(1)).toBe(128);
  expect(buffer.peakBytes).toBe(256);
});

it("begins another chunk where one would grow too large, and counts both", () => {
  const buffer = new BufferAllocator(32, 4 * kib);
  buffer.take(3 * kib);
  buffer.take(2 * kib);
  buffer.take(kib);
  expect(buffer.peakBytes).toBe(6 * kib);
});

it("gives a tensor that is larger than a chunk a chunk of its own", () => {
  const buffer = new BufferAllocator(32, 4 * kib);
  buffer.take(10 * kib);
  expect(buffer.peakBytes).toBe(10 * kib);
});

it("never hands out the same bytes twice", () => {
  const sizes = array(integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 });
  assert(
    property(sizes, infiniteStream(boolean()), (wanted, releases) => {
      const buffer = new BufferAllocator(32, 8 * kib);
      const held: { address: number; bytes: number }[] = [];
      for (const bytes of wanted) {
        const address = buffer.take(bytes);
        const end = address + buffer.padded(bytes);
        for (const other of held) {
          const apart =
            end <= other.address || other.address + buffer.padded(other.bytes) <= address;
          expect(apart).toBe(true);
        }
        held.push({ address, bytes });
        const [oldest] = held;
        if (oldest !== undefined && releases.next().value) {
          buffer.give(oldest.address, oldest.bytes);
          held.shift();
        }
      }
    }),
  );
});

it("keeps free memory apart where a block without a size lies within", () => {
  const buffer = new BufferAllocator(32, Infinity);
  const first = buffer.take(kib);
  const second = buffer.take(kib);
  const nothing = buffer.take(0);
  buffer.give(second, kib);
  const over = buffer.take(4 * kib);
  buffer.give(nothing, 0);
  buffer.give(first, kib);
  buffer.give(over, 4 * kib);
  // All of it is free, and yet what was given back doesn't reach to the end.
  buffer.take(6 * kib);
  expect(buffer.peakBytes).toBe(11 * kib);
});
