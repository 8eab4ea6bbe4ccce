import { sampleStandardDeviation } from "simple-statistics";
import { expect, test } from "vitest";
import { blockFills } from "../../../src/gguf/blocks/blockFills.ts";
import { byteScaleFills } from "../../../src/gguf/blocks/byteScaleFills.ts";
import { halfValue } from "../../../src/gguf/blocks/halfFloat.ts";
import { scaleSpread } from "../../../src/gguf/blocks/scaleTable.ts";
import { WeightStream, pieceCapacity } from "../../../src/gguf/blocks/weightStream.ts";
import { ggmlTypes } from "../../../src/gguf/ggmlTypes.ts";
import type { GgmlTypeName } from "../../../src/gguf/ggmlTypes.ts";
import { dequantize, isValid } from "../ggmlBase.ts";

const elements = 2 ** 18;
const filledTypes = [
  ...Object.keys(blockFills),
  ...Object.keys(byteScaleFills),
  "f16",
  "bf16",
  "f32",
] as GgmlTypeName[];

function randomBlocks(type: GgmlTypeName, deviation: number): Uint8Array {
  const { blockSize, blockBytes } = ggmlTypes[type];
  const blocks = elements / blockSize;
  const bytes = blocks * blockBytes;
  const stream = new WeightStream(
    [{ kind: "random", type, blocks, deviation }],
    Buffer.alloc(16, 1),
    bytes,
  );
  const target = Buffer.alloc(pieceCapacity(bytes + 32));
  stream.next(target, bytes + 32);
  return target.subarray(0, bytes);
}

function decode(type: GgmlTypeName, blocks: Uint8Array): Float32Array {
  if (type === "f32") return new Float32Array(blocks.slice().buffer);
  return dequantize(ggmlTypes[type].id, blocks, elements);
}

// Rows of Llama 2 7B's width and of Llama 2 70B's feed-forward layers.
const widths = [4096, 28_672];
const cases = filledTypes.flatMap((type) => widths.map((width) => [type, width] as const));

test.each(cases)(
  "%s for rows of %i decodes to zero-mean weights that keep variance",
  (type, width) => {
    const wanted = 1 / Math.sqrt(width);
    const blocks = randomBlocks(type, wanted);
    expect(isValid(ggmlTypes[type].id, blocks, blocks.length)).toBe(true);
    let [sum, squares, largest] = [0, 0, 0];
    for (const value of decode(type, blocks)) {
      sum += value;
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    const deviation = Math.sqrt(squares / elements);
    expect(Number.isFinite(largest)).toBe(true);
    expect(Math.abs(sum / elements) / deviation).toBeLessThan(0.01);
    // iq3's scales reach f16's smallest normal number for the widest rows.
    expect(deviation / wanted).toBeGreaterThan(0.85);
    expect(deviation / wanted).toBeLessThan(1.75);
    // Scales spread, and trained weights too have some that are far out.
    expect(largest / deviation).toBeLessThan(10);
  },
);

/** Byte offset of d, and of m or dmin, in the types that have them: ggml/src/ggml-common.h, llama.cpp v0.4.0. */
const scaleOffsets: Partial<Record<GgmlTypeName, readonly number[]>> = {
  q4_0: [0],
  q4_1: [0, 2],
  q5_0: [0],
  q5_1: [0, 2],
  q8_0: [0],
  q2_K: [80, 82],
  q3_K: [108],
  q4_K: [0, 2],
  q5_K: [0, 2],
  q6_K: [208],
  iq1_s: [0],
  iq2_xxs: [0],
  iq2_xs: [0],
  iq2_s: [0],
  iq3_xxs: [0],
  iq3_s: [0],
  iq4_nl: [0],
  iq4_xs: [0],
};

test.each(Object.entries(scaleOffsets))(
  "%s has no subnormal scale, even for absurdly wide rows",
  (name, offsets) => {
    const type = name as GgmlTypeName;
    const blocks = Buffer.from(randomBlocks(type, 1e-6));
    const exponents = new Set<number>();
    for (let block = 0; block < blocks.length; block += ggmlTypes[type].blockBytes) {
      for (const offset of offsets) {
        exponents.add((blocks.readUInt16LE(block + offset) >> 10) & 0x1f);
      }
    }
    expect(Math.min(...exponents)).toBeGreaterThan(0);
    expect(Math.max(...exponents)).toBeLessThan(31);
  },
);

test.each(["q4_0", "q5_0", "q8_0", "q4_K", "q6_K"] as const)(
  "scales of %s spread as those of trained weights do, and touch as much of llama.cpp's table of halves",
  (type) => {
    const blocks = Buffer.from(randomBlocks(type, 1 / 64));
    const [offset = 0] = scaleOffsets[type] ?? [];
    const scales: number[] = [];
    for (let block = 0; block < blocks.length; block += ggmlTypes[type].blockBytes) {
      scales.push(blocks.readUInt16LE(block + offset) & 0x7f_ff);
    }
    const spread = sampleStandardDeviation(scales.map((bits) => Math.log(halfValue(bits))));
    const ofBlock = scaleSpread(ggmlTypes[type].blockSize);
    expect(spread / ofBlock).toBeGreaterThan(0.9);
    expect(spread / ofBlock).toBeLessThan(1.1);
    // A cache line holds 16 floats of the table.
    const lines = new Set(scales.map((bits) => bits >> 4)).size;
    expect(lines).toBeGreaterThan(90);
  },
);
