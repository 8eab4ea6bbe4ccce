import { describe, expect, it } from "vitest";
import { sampleWarnings } from "../../src/bench/sampleWarnings.ts";
import type { StopReason } from "../../src/bench/stopReasons.ts";
import { warningText } from "../../src/results/codes.ts";

const ms = 1e6;

const launch = (samplesNs: number[], stoppedBy: StopReason | null = null) => ({
  samplesNs,
  stoppedBy,
});

/** Codes that the samples, in ms, of one or several launches warn of. */
function codes(...launches: readonly number[][]): string[] {
  const results = launches.map((samples) => launch(samples.map((value) => value * ms)));
  return sampleWarnings(results).map(({ code }) => code);
}

const steady = [100, 101, 99, 100.5, 99.5, 100.2, 99.8, 100.1];

describe("samples", () => {
  it("that are steady warn of nothing", () => {
    expect(codes(steady)).toEqual([]);
    expect(codes(steady, steady)).toEqual([]);
  });

  it("whose first is slower than all others by 5% say that it was not warm", () => {
    expect(codes([110, ...steady])).toContain("slow_first_repetition");
    expect(codes([103, ...steady])).not.toContain("slow_first_repetition");
  });

  it("may be as many as a case can have", () => {
    expect(codes(Array.from({ length: 200_000 }, (_, index) => 100 + (index % 2)))).toEqual([]);
  });

  it("that stand apart are counted", () => {
    const [outliers] = sampleWarnings([launch([...steady, 150].map((value) => value * ms))]);
    expect(outliers && warningText(outliers)).toBe("outliers: 1 of 9");
  });

  it("that rise from one to the next drift, those that rise by a trifle don't", () => {
    const rising = [100, 101, 102, 103, 104, 105, 106, 107];
    expect(codes(rising)).toContain("drift");
    expect(codes(rising.map((value) => 100 + (value - 100) / 100))).toEqual([]);
  });

  it("in two groups are bimodal, a normal scatter is not", () => {
    expect(codes([100, 120, 100.3, 119.8, 99.9, 120.2, 100.1, 120.1])).toContain("bimodal");
    expect(codes([97, 99, 100, 101, 103, 98, 102, 100.5])).not.toContain("bimodal");
  });

  it("shorter than a millisecond are too short for the clock", () => {
    expect(codes(steady.map((value) => value / 200))).toEqual(["short_repetitions"]);
  });

  it("that ended for time or number before they were precise leave a wide interval", () => {
    const samples = steady.map((value) => value * ms);
    expect(sampleWarnings([launch(samples, "max_time")]).map(warningText)).toEqual([
      "wide_interval",
    ]);
    expect(sampleWarnings([launch(samples, "precision")])).toEqual([]);
  });

  it("that are missing warn of nothing", () => {
    expect(codes()).toEqual([]);
    expect(codes([])).toEqual([]);
  });
});
