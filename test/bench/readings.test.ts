import { describe, expect, it } from "vitest";
import {
  caseReadingNames,
  caseReadingsOf,
  noCaseReadings,
  noReadings,
  type Readings,
} from "../../src/bench/readings.ts";

const moment = { devices: [], private_bytes: null };
const held = (peak: number): Readings["memory"] => ({
  start: moment,
  loaded: moment,
  context: moment,
  warm: moment,
  peak_resident_bytes: peak,
});

const launches: readonly Readings[] = [
  { ...noReadings, loadMs: 100, memory: held(7), cpuMs: 3, lossFirst: 8, lossLast: 5 },
  { ...noReadings, loadMs: 900, memory: held(9), burstValue: 10, peakDeviceBytes: 4, flops: 6 },
  { ...noReadings, loadMs: 200, cpuMs: 5, burstValue: 12, peakDeviceBytes: 3, compileMs: 7 },
];

describe("what a case tells of its launches' readings", () => {
  it("is the median of loads, the most memory, and the mean of processor times and bursts", () => {
    expect(caseReadingsOf(launches)).toEqual({
      ...noCaseReadings,
      loadMs: 200,
      peakRssBytes: 9,
      cpuMs: 4,
      burstValue: 11,
      lossFirst: 8,
      lossLast: 5,
      peakDeviceBytes: 4,
      flops: 6,
      compileMs: 7,
    });
  });

  it("is of several links the farthest and the slowest, either way", () => {
    const link = { server: "box", ms: 0.1, upGbps: 1, downGbps: 0.9 };
    const far = { ...link, ms: 0.3, upGbps: 2, downGbps: null };
    const traffic = { messages: 8, turns: 1, bytes: 4096 };
    const told = caseReadingsOf([{ ...noReadings, links: [link, far], traffic }, noReadings]);
    expect(told).toEqual({
      ...noCaseReadings,
      linkMs: 0.3,
      linkGbps: 0.9,
      rpcMessages: 8,
      rpcTurns: 1,
      rpcBytes: 4096,
    });
  });

  it("is unknown where no launch tells it", () => {
    const unknown = Object.fromEntries(caseReadingNames.map((name) => [name, null]));
    expect(caseReadingsOf([noReadings, noReadings])).toEqual(unknown);
    expect(caseReadingsOf([])).toEqual(unknown);
  });
});
