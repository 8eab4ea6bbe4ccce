import { describe, expect, it } from "vitest";
import type { LaunchResult } from "../../src/results/caseResult.ts";
import { sustainedSpeed } from "../../src/results/sustainedSpeed.ts";

const second = 1e9;

/** A launch of repetitions of 100 tokens, back to back, whose speed follows from the time. */
function launch(seconds: number, speedAt: (time: number) => number): LaunchResult {
  const samples: number[] = [];
  const started: number[] = [];
  for (let now = 0; now < seconds * second;) {
    const ns = (100 / speedAt(now / second)) * second;
    started.push(now);
    samples.push(ns);
    now += ns;
  }
  return {
    launch: 1,
    load_ms: 1,
    warmup_ns: [],
    samples_ns: samples,
    started_ns: started,
    stopped_by: "sustain",
  };
}

describe("a sustained speed", () => {
  it("is that of the last third, against the burst of the first 30 s, with the moment it fell", () => {
    const throttled = launch(600, (time) => (time < 141 ? 50 : 30));
    const columns = sustainedSpeed([throttled], 100);
    expect(columns.burst_ts).toBeCloseTo(50, 9);
    expect(columns.sustained_ts).toBeCloseTo(30, 9);
    expect(columns.sustained_drop).toBeCloseTo(0.4, 9);
    expect(columns.throttled_at_s).toBe(142);
    expect(columns.sustain_s).toBeGreaterThanOrEqual(600);
  });

  it("that holds has no drop and no moment", () => {
    const columns = sustainedSpeed([launch(120, () => 50)], 100);
    expect(columns).toMatchObject({ sustained_drop: 0, throttled_at_s: null });
  });

  it("of a short run has its first third for a burst", () => {
    const columns = sustainedSpeed([launch(30, (time) => (time < 10 ? 50 : 25))], 100);
    expect(columns.burst_ts).toBeCloseTo(50, 9);
    expect(columns.sustained_ts).toBeCloseTo(25, 9);
  });

  it("of a repetition that outlasts the time is its own", () => {
    const columns = sustainedSpeed([launch(1, () => 10)], 100);
    expect(columns).toMatchObject({ burst_ts: 10, sustained_ts: 10, sustain_s: 10 });
  });

  it("is drawn with 240 points at most", () => {
    const { speed_over_time: points } = sustainedSpeed([launch(600, () => 500)], 100);
    expect(points.length).toBeLessThanOrEqual(240);
    expect(points[0]).toEqual([0, 500]);
  });

  it("is unknown of a case that was repeated a number of times", () => {
    const { started_ns: _, ...plain } = launch(10, () => 50);
    const columns = sustainedSpeed([{ ...plain, stopped_by: "repetitions" }], 100);
    expect(columns).toMatchObject({ sustain_s: null, burst_ts: null, speed_over_time: [] });
  });
});
