import { describe, expect, it } from "vitest";
import { repeatUntilEnough, type Timed } from "../../../src/engines/llamacpp/repetitions.ts";
import { watchSleep } from "../../../src/engines/llamacpp/sleepClock.ts";
import type { RepetitionRule } from "../../../src/bench/repetitions.ts";

const ms = 1e6;
const second = 1e9;

/** Repetitions that take what is listed, the last one for ever, on a clock that they alone move. */
function repeated(
  rule: RepetitionRule,
  timings: readonly Timed[],
  { warmupsAbove = Infinity, warmedNs = 0 } = {},
) {
  const heard: number[] = [];
  let kept = 0;
  let [now, taken] = [0, 0];
  const result = repeatUntilEnough({
    rule,
    repeat() {
      const timed = timings[Math.min(taken++, timings.length - 1)] ?? { ns: 1, slept: false };
      now += timed.ns;
      return timed;
    },
    isWarmup: (ns) => ns > warmupsAbove,
    onKept: () => (kept += 1),
    onSample: (ns) => heard.push(ns),
    nowNs: () => now,
    beganNs: -warmedNs,
  });
  return { ...result, heard, taken, kept };
}

const awake = (ns: number): Timed => ({ ns, slept: false });
const asleep: Timed = { ns: 3600 * second, slept: true };

describe("repetitions", () => {
  it("are samples, each announced, until their number is reached", () => {
    const { samplesNs, heard, stoppedBy, suspended } = repeated(3, [awake(5), awake(6), awake(7)]);
    expect(samplesNs).toEqual([5, 6, 7]);
    expect(heard).toEqual(samplesNs);
    expect({ stoppedBy, suspended }).toEqual({ stoppedBy: "repetitions", suspended: 0 });
  });

  it("that only warm up are no samples, and none follows one that counts", () => {
    const timings = [awake(9), awake(8), awake(5), awake(9), awake(6)];
    const { samplesNs, startedNs, kept } = repeated(3, timings, { warmupsAbove: 7 });
    expect(samplesNs).toEqual([5, 9, 6]);
    expect(startedNs).toEqual([0, 5, 14]);
    expect(kept).toBe(3);
  });

  it("with auto count once the time is up, though no two of them agreed", () => {
    const rule = { precision: 0.001, maxSeconds: 10, enough: null };
    const busy = [9, 8, 9, 8].map((seconds) => awake(seconds * second));
    const { samplesNs, taken } = repeated(rule, busy, { warmupsAbove: 0, warmedNs: 9 * second });
    expect(samplesNs).toHaveLength(2);
    expect(taken).toBe(2);
  });

  it("with auto share their time with the warm-up before them", () => {
    const rule = { precision: 0.001, maxSeconds: 10, enough: null };
    const timings = [3, 4, 3, 4].map((seconds) => awake(seconds * second));
    expect(repeated(rule, timings).samplesNs).toHaveLength(3);
    const warmed = repeated(rule, timings, { warmedNs: 5 * second });
    expect(warmed).toMatchObject({ stoppedBy: "max_time" });
    expect(warmed.samplesNs).toHaveLength(2);
  });

  it("that the machine slept through are dropped, counted and taken again", () => {
    const timings = [awake(5), asleep, awake(6), asleep, asleep, awake(7)];
    const { samplesNs, suspended, taken } = repeated(3, timings);
    expect(samplesNs).toEqual([5, 6, 7]);
    expect({ suspended, taken }).toEqual({ suspended: 3, taken: 6 });
  });

  it("of a machine that sleeps again and again are given up", () => {
    expect(() => repeated(3, [asleep])).toThrow(/slept in 11 repetitions/u);
  });

  it("to sustain a speed go on for a time, each with the moment it began", () => {
    const { samplesNs, startedNs, stoppedBy } = repeated({ sustainSeconds: 10 }, [
      awake(4 * second),
    ]);
    expect(samplesNs).toHaveLength(3);
    expect(startedNs).toEqual([0, 4 * second, 8 * second]);
    expect(stoppedBy).toBe("sustain");
  });

  it("to sustain a speed that are short are averaged over a tenth of a second", () => {
    const { samplesNs, taken } = repeated({ sustainSeconds: 1 }, [awake(ms), awake(3 * ms)]);
    expect(samplesNs).toHaveLength(10);
    expect(samplesNs[0]).toBeCloseTo((100 * ms) / 34, -2);
    expect(taken).toBeGreaterThan(300);
  });
});

/** Clocks of a machine that works and sleeps. */
function machine() {
  let [awakeNs, sleptNs] = [0, 0];
  return {
    clocks: { wallNs: () => 1.7e18 + awakeNs + sleptNs, awakeNs: () => awakeNs },
    work: (ns: number) => (awakeNs += ns),
    sleep: (ns: number) => (sleptNs += ns),
  };
}

describe("a machine", () => {
  it("slept where its clocks part by more than 100 ms while it works", () => {
    const { clocks, work, sleep } = machine();
    sleep(60 * second);
    expect(watchSleep(clocks, () => work(30 * second))).toMatchObject({ slept: false });
    expect(watchSleep(clocks, () => sleep(99 * ms))).toMatchObject({ slept: false });
    expect(watchSleep(clocks, () => sleep(101 * ms))).toMatchObject({ slept: true });
  });

  it("whose wall clock is set back can't tell, and the work is taken again", () => {
    const { clocks, sleep } = machine();
    expect(watchSleep(clocks, () => sleep(-second))).toMatchObject({ slept: true });
  });
});
