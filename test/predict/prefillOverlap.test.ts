import { describe, expect, it } from "vitest";
import { unknownDatasheet } from "../../src/predict/datasheet.ts";
import { overlapFrom, overlapped, overlaps } from "../../src/predict/prefillOverlap.ts";
import type { PrefillWork } from "../../src/predict/prefillWork.ts";

function work(nUbatches: number, nLayers = 32): PrefillWork {
  return {
    nPrompt: 512 * nUbatches,
    quantization: "q4_0",
    nUbatches,
    nLayers,
    width: 4096,
    matrixOperations: nUbatches,
    attentionOperations: 0,
    activations: 0,
    weightsBytes: 4e9,
  };
}

/** A second for each ubatch. */
const serial = ({ nUbatches }: PrefillWork) => nUbatches;
const row = (nUbatches: number, seconds: number, nLayers = 32) => ({
  work: work(nUbatches, nLayers),
  seconds,
  part: "",
});

const cards = (count: number) => unknownDatasheet("cuda", count);

describe("several cards and a prompt of several ubatches", () => {
  it("takes as long as one after the other where nothing overlaps, and with one ubatch", () => {
    expect(overlapped(8, 8, 1)).toBe(8);
    expect(overlapped(1, 1, 0.25)).toBe(1);
    expect(overlaps(work(8), 1)).toBe(false);
    expect(overlaps(work(1), 4)).toBe(false);
  });

  it("is told by rows of the same layers", () => {
    const overlap = overlapFrom([row(8, 1 + 7 * 0.3)], serial, cards(4));
    expect(overlap(work(16))).toBeCloseTo(0.3);
    expect(overlapped(serial(work(8)), 8, overlap(work(8)))).toBeCloseTo(1 + 7 * 0.3);
  });

  it("is half-way between the best and none for a model that no row tells", () => {
    const [two, eight] = [2, 8].map((count) => overlapFrom([], serial, cards(count))(work(8)));
    expect(two).toBeGreaterThan(eight ?? 1);
    expect(eight).toBeGreaterThan(1 / 8);
    expect(two).toBeLessThan(1);
  });

  it("never overlaps where cards have no events between them", () => {
    expect(overlapFrom([], serial, unknownDatasheet("vulkan", 2))(work(8))).toBe(1);
    expect(overlapFrom([], serial, cards(1))(work(8))).toBe(1);
  });

  it("doesn't believe rows that are slower than one after the other, or faster than all cards at once", () => {
    expect(overlapFrom([row(8, 12)], serial, cards(4))(work(8))).toBe(1);
    expect(overlapFrom([row(8, 0.5)], serial, cards(4))(work(8))).toBeGreaterThan(0);
  });
});
