import { describe, expect, it } from "vitest";
import type { TimedLaunch } from "../../src/bench/launch.ts";
import { sustainedSpeed } from "../../src/bench/sustainedSpeed.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import { timedLaunch } from "./launches.ts";

const second = 1e9;
const hundred = workloadOf({ prompt: 0, generated: 100, depth: 0 });

/** A launch of repetitions of 100 tokens, back to back, whose speed follows from the time. */
function launch(seconds: number, speedAt: (time: number) => number): TimedLaunch {
  const samples: number[] = [];
  const started: number[] = [];
  for (let now = 0; now < seconds * second;) {
    const ns = (100 / speedAt(now / second)) * second;
    started.push(now);
    samples.push(ns);
    now += ns;
  }
  return timedLaunch({ samplesNs: samples, startedNs: started, stoppedBy: "sustain" });
}

describe("a sustained speed", () => {
  it("is that of the last third, against the burst of the first 30 s, with the moment it fell", () => {
    const throttled = launch(600, (time) => (time < 141 ? 50 : 30));
    const sustained = sustainedSpeed([throttled], hundred);
    expect(sustained?.burst).toBeCloseTo(50, 9);
    expect(sustained?.held).toBeCloseTo(30, 9);
    expect(sustained?.drop).toBeCloseTo(0.4, 9);
    expect(sustained?.throttledAtSeconds).toBe(142);
    expect(sustained?.seconds).toBeGreaterThanOrEqual(600);
  });

  it("that holds has no drop and no moment", () => {
    const sustained = sustainedSpeed([launch(120, () => 50)], hundred);
    expect(sustained).toMatchObject({ drop: 0, throttledAtSeconds: null });
  });

  it("of a short run has its first third for a burst", () => {
    const sustained = sustainedSpeed([launch(30, (time) => (time < 10 ? 50 : 25))], hundred);
    expect(sustained?.burst).toBeCloseTo(50, 9);
    expect(sustained?.held).toBeCloseTo(25, 9);
  });

  it("of a repetition that outlasts the time is its own", () => {
    const sustained = sustainedSpeed([launch(1, () => 10)], hundred);
    expect(sustained).toMatchObject({ burst: 10, held: 10, seconds: 10 });
  });

  it("is drawn with 240 points at most", () => {
    const { points = [] } = sustainedSpeed([launch(600, () => 500)], hundred) ?? {};
    expect(points.length).toBeLessThanOrEqual(240);
    expect(points[0]).toEqual([0, 500]);
  });

  it("is unknown of a case that was repeated a number of times", () => {
    const plain = { ...launch(10, () => 50), startedNs: null, stoppedBy: "repetitions" } as const;
    expect(sustainedSpeed([plain], hundred)).toBeNull();
  });
});
