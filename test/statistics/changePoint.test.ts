import { describe, expect, it } from "vitest";
import { fall } from "../../src/statistics/changePoint.ts";
import { normalDeviates } from "./random.ts";

/** Levels by their number of samples, with a relative scatter. */
function levels(parts: readonly (readonly [count: number, level: number])[], scatter = 0.01) {
  const normal = normalDeviates(7);
  return parts.flatMap(([count, level]) =>
    Array.from({ length: count }, () => level * (1 + scatter * normal())),
  );
}

describe("a fall", () => {
  it("is found where the level changes", () => {
    const found = fall(
      levels([
        [60, 100],
        [90, 70],
      ]),
    );
    expect(found?.index).toBe(60);
    expect(found?.before).toBeCloseTo(100, 0);
    expect(found?.after).toBeCloseTo(70, 0);
  });

  it("has Pettitt's probability", () => {
    // 12 samples above 12 others: K = 12 · 12.
    const samples = Array.from({ length: 24 }, (_, i) => (i < 12 ? 100 - i / 10 : 70 + i / 10));
    expect(fall(samples)?.p).toBeCloseTo(Math.exp((-6 * 144 ** 2) / (24 ** 3 + 24 ** 2)), 12);
  });

  it("is none where speed rises, stays, or changes by less than 5%", () => {
    expect(
      fall(
        levels([
          [60, 70],
          [90, 100],
        ]),
      ),
    ).toBeNull();
    expect(fall(levels([[150, 100]]))).toBeNull();
    expect(
      fall(
        levels([
          [60, 100],
          [90, 97],
        ]),
      ),
    ).toBeNull();
  });

  it("is none in a steady slope, which has no moment", () => {
    const slope = Array.from({ length: 100 }, (_, i) => 100 - 0.3 * i);
    expect(fall(slope)).toBeNull();
  });

  it("is none in a handful of samples", () => {
    expect(fall([100, 100, 100, 70, 70])).toBeNull();
    expect(fall([])).toBeNull();
  });

  it("is seen by chance in less than 1% of steady series", () => {
    const normal = normalDeviates(11);
    const found = Array.from({ length: 1000 }, () =>
      fall(Array.from({ length: 20 }, () => 100 * (1 + 0.05 * normal()))),
    ).filter((one) => one !== null);
    expect(found.length).toBeLessThan(10);
  });
});
