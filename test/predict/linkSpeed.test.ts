import { describe, expect, it } from "vitest";
import { linkSeconds, type LinkSpeed, type Way } from "../../src/predict/linkSpeed.ts";

const rate: Way = { bytesPerSecond: 1e9, afterRest: [] };

function secondsOver(up: Way, upBytes: number): number {
  const link: LinkSpeed = { roundTripSeconds: 0, up, down: rate, isMeasured: true };
  return linkSeconds({ messages: 0, turns: 1, upBytes, downBytes: 0 }, link);
}

describe("what a link takes", () => {
  it("is its round trips, and its bytes each way", () => {
    const down = { ...rate, bytesPerSecond: 2e9 };
    const link = { roundTripSeconds: 1e-3, up: rate, down, isMeasured: true };
    const work = { messages: 0, turns: 2, upBytes: 5e6, downBytes: 4e6 };
    expect(linkSeconds(work, link)).toBeCloseTo(2e-3 + 5e-3 + 2e-3, 9);
  });

  it("is more for many small messages than for a large one", () => {
    const work = { turns: 1, upBytes: 1e4, downBytes: 0 };
    const link = { roundTripSeconds: 0, up: rate, down: rate, isMeasured: true };
    const [few, many] = [1, 20].map((messages) => linkSeconds({ ...work, messages }, link));
    expect(many).toBeGreaterThan(few ?? Number.NaN);
  });

  it("is what was seen of transfers of that size, and beyond them the rate", () => {
    const shaped: Way = {
      bytesPerSecond: 1e6,
      afterRest: [
        { bytes: 1000, seconds: 0 },
        { bytes: 3000, seconds: 2e-3 },
      ],
    };
    expect(secondsOver(shaped, 500)).toBe(0);
    expect(secondsOver(shaped, 2000)).toBeCloseTo(1e-3, 9);
    expect(secondsOver(shaped, 3000)).toBeCloseTo(2e-3, 9);
    expect(secondsOver(shaped, 10_000)).toBeCloseTo(9e-3, 9);
  });
});
