import { describe, expect, it } from "vitest";
import { stopReason } from "../../../src/engines/child/stopRule.ts";

const auto = { precision: 0.01, maxSeconds: 120, enough: null };
const second = 1e9;

/** Alternates around `centre` by `spread`, a share of it. */
function samples(count: number, spread: number, centre = second): number[] {
  return Array.from({ length: count }, (_, index) => centre * (1 + (index % 2 ? spread : -spread)));
}

describe("repetitions", () => {
  it("are as many as were asked for, however they scatter", () => {
    expect(stopReason(samples(4, 0.5), 0, 5)).toBeNull();
    expect(stopReason(samples(5, 0.5), 0, 5)).toBe("repetitions");
  });

  it("with auto are at least three, however little they scatter", () => {
    expect(stopReason(samples(2, 0), 0, auto)).toBeNull();
    expect(stopReason(samples(3, 0), 0, auto)).toBe("precision");
  });

  it("with auto are at least two, however long the first took", () => {
    expect(stopReason(samples(1, 0, 200 * second), 200 * second, auto)).toBeNull();
    expect(stopReason(samples(2, 0, 200 * second), 400 * second, auto)).toBe("max_time");
  });

  it("with auto go on until the interval is as narrow as asked", () => {
    // Half-width of t: at n = 6, sd = 1.1%, 2.57 × 1.1% / √6 = 1.15%.
    expect(stopReason(samples(6, 0.01), 0, auto)).toBeNull();
    expect(stopReason(samples(10, 0.01), 0, auto)).toBe("precision");
  });

  it("with auto are as many as earlier launches call for, however these scatter", () => {
    expect(stopReason(samples(1, 0), 0, { ...auto, enough: 1 })).toBe("precision");
    expect(stopReason(samples(3, 0), 0, { ...auto, enough: 4 })).toBeNull();
    expect(stopReason(samples(4, 0.5), 0, { ...auto, enough: 4 })).toBe("precision");
    expect(stopReason(samples(50, 0), 0, { ...auto, enough: 60 })).toBe("max_repetitions");
  });

  it("with auto end when the time is up, or at fifty", () => {
    expect(stopReason(samples(6, 0.3), 121 * second, auto)).toBe("max_time");
    expect(stopReason(samples(49, 0.3), 0, auto)).toBeNull();
    expect(stopReason(samples(50, 0.3), 0, auto)).toBe("max_repetitions");
  });
});
