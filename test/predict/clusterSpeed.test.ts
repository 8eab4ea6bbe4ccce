import { describe, expect, it } from "vitest";
import { linkSeconds, linkWork } from "../../src/predict/clusterSpeed.ts";

const lent = { lent: true, output: false, share: 0.5 };
const own = { lent: false, output: true, share: 0.5 };
const link = { bytesPerSecond: 1e9, roundTripSeconds: 1e-3 };

describe("what goes over a link", () => {
  it("is a round trip to each machine that lends and holds layers", () => {
    expect(linkWork(4096, 32_000, 1, [own]).roundTrips).toBe(0);
    expect(linkWork(4096, 32_000, 1, [lent, own]).roundTrips).toBe(1);
    expect(linkWork(4096, 32_000, 1, [lent, lent, own]).roundTrips).toBe(2);
    expect(linkWork(4096, 32_000, 1, [lent, { ...lent, share: 0 }, own]).roundTrips).toBe(1);
  });

  it("is activations in and out, and in place of the last ones the logits of one token", () => {
    const inAndOut = linkWork(4096, 32_000, 512, [lent, own]).bytes;
    expect(inAndOut).toBeGreaterThanOrEqual(2 * 4 * 4096 * 512);
    const last = linkWork(4096, 32_000, 512, [{ ...lent, output: true }]).bytes;
    expect(last - inAndOut).toBe(4 * 32_000 - 4 * 4096 * 512);
  });

  it("takes its round trips and its bytes", () => {
    expect(linkSeconds({ roundTrips: 2, bytes: 5e6 }, link)).toBeCloseTo(7e-3, 9);
  });
});
