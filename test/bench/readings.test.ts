import { describe, expect, it } from "vitest";
import { caseReadingsOf, noReadings, type Readings } from "../../src/bench/readings.ts";

const moment = { devices: [], private_bytes: null };
const held = (peak: number): Readings["memory"] => ({
  start: moment,
  loaded: moment,
  context: moment,
  warm: moment,
  peak_resident_bytes: peak,
});

const launches: readonly Readings[] = [
  { ...noReadings, loadMs: 100, memory: held(7), cpuMs: 3 },
  { ...noReadings, loadMs: 900, memory: held(9), burstValue: 10 },
  { ...noReadings, loadMs: 200, cpuMs: 5, burstValue: 12 },
];

describe("what a case tells of its launches' readings", () => {
  it("is the median of loads, the most memory, and the mean of processor times and bursts", () => {
    expect(caseReadingsOf(launches)).toEqual({
      loadMs: 200,
      peakRssBytes: 9,
      cpuMs: 4,
      burstValue: 11,
    });
  });

  it("is unknown where no launch tells it", () => {
    const unknown = { loadMs: null, peakRssBytes: null, cpuMs: null, burstValue: null };
    expect(caseReadingsOf([noReadings, noReadings])).toEqual(unknown);
    expect(caseReadingsOf([])).toEqual(unknown);
  });
});
