import { describe, expect, it } from "vitest";
import type { TimedLaunch } from "../../src/bench/launch.ts";
import { noReadings } from "../../src/bench/readings.ts";
import { summarize } from "../../src/bench/summarize.ts";
import type { Summary } from "../../src/bench/summary.ts";
import { TokenClock, type TokenTimes } from "../../src/bench/tokenTimes.ts";
import { workloadOf, type Workload } from "../../src/bench/workload.ts";
import { timedLaunch } from "./launches.ts";

const launch = (number: number, samplesNs: number[]) =>
  timedLaunch({ number, samplesNs, readings: { ...noReadings, loadMs: number * 100 } });

const tokens = (generated: number) => workloadOf({ prompt: 0, generated, depth: 0 });

function summaryOf(launches: TimedLaunch[], workload: Workload, betweenSd?: number): Summary {
  const summary = summarize(launches, workload, betweenSd);
  if (summary === null) throw new Error("no launch has samples");
  return summary;
}

describe("the measured figures", () => {
  it("average speeds as llama-bench does: the mean of the repetitions' tokens per second", () => {
    const summary = summaryOf([launch(1, [1e9, 2e9])], tokens(128));
    expect(summary.values).toEqual([128, 64]);
    expect(summary.mean).toBe(96);
    expect(summary.sd).toBeCloseTo(45.254833995939045, 12);
    expect(summary.meanNs).toBe(1.5e9);
    expect(summary.sdNs).toBeCloseTo(707_106_781.1865475, 3);
    expect(summary).toMatchObject({ median: 96, mad: 32, min: 64, max: 128 });
  });

  it("are of the workload's own metric", () => {
    const prompt = workloadOf({ prompt: 512, generated: 0, depth: 0 });
    const both = workloadOf({ prompt: 512, generated: 128, depth: 4096 });
    expect(summaryOf([launch(1, [1e9])], prompt)).toMatchObject({ metric: "pp_ts", mean: 512 });
    expect(summaryOf([launch(1, [1e9])], tokens(128))).toMatchObject({ metric: "tg_ts" });
    expect(summaryOf([launch(1, [1e9])], both)).toMatchObject({ metric: "pg_ts", mean: 640 });
  });

  it("count the tokens of all sequences that are computed together", () => {
    const eight = workloadOf({ prompt: 0, generated: 16, depth: 0, parallel: 8 });
    expect(summaryOf([launch(1, [1e9])], eight).mean).toBe(128);
  });

  it("count the launches and all their repetitions, those without samples left out", () => {
    const launches = [launch(1, [1e9, 2e9]), launch(2, [1e9]), launch(3, [])];
    const summary = summaryOf(launches, tokens(100));
    expect(summary).toMatchObject({ launches: 2, repetitions: 3, readings: { loadMs: 150 } });
    expect(summary.values).toEqual([100, 50, 100]);
  });

  it("of long repetitions don't overflow as llama-bench's 64-bit squares do", () => {
    expect(summaryOf([launch(1, [4e12, 6e12])], tokens(10)).sdNs).toBeCloseTo(Math.SQRT2 * 1e12, 0);
  });

  it("of a single sample have no spread, and of none there are none", () => {
    expect(summaryOf([launch(1, [1e9])], tokens(10))).toMatchObject({
      mean: 10,
      sd: null,
      sdNs: null,
      ci95: null,
      sdWithin: null,
      sdBetween: null,
    });
    expect(summarize([], tokens(10))).toBeNull();
    expect(summarize([launch(1, [])], tokens(10))).toBeNull();
  });

  it("of a workload that isn't known there are none", () => {
    const unknown = { kind: "unknown", name: "zz9", prompt: 1, generated: 1 } as const;
    const told = { depth: 0, parallel: 1, metric: null, unit: null };
    expect(summarize([launch(1, [1e9])], { ...unknown, ...told })).toBeNull();
  });

  it("have an interval that the machine's known spread between launches narrows", () => {
    const one = [launch(1, [1e9, 1.001e9, 0.999e9])];
    expect(summaryOf(one, tokens(100)).ci95?.low).toBeCloseTo(98, 1);
    expect(summaryOf(one, tokens(100), 0.001).ci95?.low).toBeGreaterThan(99.6);
  });
});

/** Of so many tokens, of which every tenth takes twice as long. */
function times(count: number, ms = 10): TokenTimes {
  const clock = new TokenClock();
  for (let token = 0; token < count; token++) clock.add(1e6 * ms * (token % 10 === 9 ? 2 : 1));
  return clock.times();
}

const withTimes = (tokenTimes: TokenTimes) => timedLaunch({ samplesNs: [1e9, 1e9], tokenTimes });

describe("the times of single tokens", () => {
  it("are percentiles over all launches together, in ms", () => {
    const launches = [withTimes(times(256)), withTimes(times(256))];
    const { p50, p90, p99 } = summaryOf(launches, tokens(128)).tokenMs;
    expect(p50).toBeCloseTo(10, 1);
    expect(p90).toBeCloseTo(10, 1);
    expect(p99).toBeCloseTo(20, 1);
  });

  it("that differ between launches are merged, and not averaged", () => {
    const launches = [withTimes(times(300, 10)), withTimes(times(100, 30))];
    expect(summaryOf(launches, tokens(128)).tokenMs.p50).toBeCloseTo(10, 1);
  });

  it("are unknown where no launch tells them, and beside a prompt, for which the first token waits", () => {
    const none = { p50: null, p90: null, p99: null };
    expect(summaryOf([withTimes([])], tokens(128)).tokenMs).toEqual(none);
    const both = workloadOf({ prompt: 512, generated: 128, depth: 0 });
    expect(summaryOf([withTimes(times(256))], both).tokenMs).toEqual(none);
  });

  it("are unknown where too few tokens tell: of 128 there is no p99", () => {
    const { p90, p99 } = summaryOf([withTimes(times(128))], tokens(128)).tokenMs;
    expect(p90).not.toBeNull();
    expect(p99).toBeNull();
  });
});
