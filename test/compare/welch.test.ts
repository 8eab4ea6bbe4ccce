import { describe, expect, it } from "vitest";
import { edgeP, holm } from "../../src/compare/holm.ts";
import { logSpeedOf } from "../../src/compare/logSpeed.ts";
import type { LogSpeed } from "../../src/compare/logSpeed.ts";
import { logRatio, ratioInterval, speedInterval } from "../../src/compare/welch.ts";
import type { CaseRow } from "../../src/results/caseResult.ts";
import { launches, row } from "./rows.ts";

function speed(overrides: Partial<CaseRow>): LogSpeed {
  const found = logSpeedOf(row(overrides));
  if (found === null) throw new Error("nothing measured");
  return found;
}

/** A row whose launches' logs are the given numbers, a sample a launch. */
function ofLogs(logs: readonly number[]): LogSpeed {
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return speed({ ...launches(...logs.map((log) => [Math.exp(log)])), avg_ts: Math.exp(mean) });
}

describe("the ratio of two speeds", () => {
  // scipy.stats.ttest_ind(a, b, equal_var=False); the last two stand at Rosetta Code's "Welch's t-test" too.
  it.each([
    [
      [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4],
      [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 30, 23.9],
      0.008452732437443423,
    ],
    [
      [30.02, 29.99, 30.11, 29.97, 30.01, 29.99],
      [29.89, 29.93, 29.72, 29.98, 30.02, 29.98],
      0.090773324285671,
    ],
    [[3, 4, 1, 2.1], [490.2, 340, 433.9], 0.010751561149784],
  ])("agrees with other implementations of Welch's test (%#)", (a, b, p) => {
    const ratio = logRatio(ofLogs(a), ofLogs(b));
    expect(edgeP(ratio, 0)).toBeCloseTo(p, 9);
  });

  it("has an interval that just excludes 1 where p is 0.05", () => {
    const ratio = logRatio(ofLogs([0, 0.01, 0.02]), ofLogs([0.03, 0.04, 0.05]));
    const p = edgeP(ratio, 0) ?? 1;
    const interval = ratioInterval(ratio);
    expect(p < 0.05).toBe((interval?.low ?? 0) > 1);
  });

  it("is seen from the other side as its inverse", () => {
    const [a, b] = [speed({ samples_ts: [50, 51, 49] }), speed({ samples_ts: [80, 81, 84] })];
    const [there, back] = [ratioInterval(logRatio(a, b)), ratioInterval(logRatio(b, a))];
    expect(there?.low).toBeCloseTo(1 / (back?.high ?? 0), 12);
    expect(there?.high).toBeCloseTo(1 / (back?.low ?? 0), 12);
  });
});

describe("what a speed's error rests on", () => {
  it("is the launches' means where there are several: repetitions within one share its luck", () => {
    const { parts, basis } = speed(launches([100, 100, 100], [110, 110, 110]));
    const means = [Math.log(100), Math.log(110)];
    expect(parts).toHaveLength(1);
    expect(parts?.[0]?.variance).toBeCloseTo(((means[1] ?? 0) - (means[0] ?? 0)) ** 2 / 4, 12);
    expect(parts?.[0]?.freedom).toBe(1);
    expect(basis).toBe("2 launches");
  });

  it("is the launches' logs where the row's own interval says that they are equally long", () => {
    const half = 12.706204736174698 * 5;
    const two = launches([100, 100], [110, 110]);
    const { parts } = speed({ ...two, ci95_low_ts: 105 - half, ci95_high_ts: 105 + half });
    expect(parts).toEqual(speed(two).parts);
  });

  it("is the row's interval where that tells of launches of other lengths", () => {
    const half = 12.706204736174698 * 4;
    const { parts } = speed({
      ...launches([100, 100], [110, 110]),
      ci95_low_ts: 104 - half,
      ci95_high_ts: 104 + half,
    });
    expect(parts?.[0]?.variance).toBeCloseTo((4 / 104) ** 2, 12);
    expect(parts?.[1]?.variance).toBeCloseTo(Math.log(105 / 104) ** 2, 12);
    expect(parts?.[1]?.freedom).toBe(1);
  });

  it("is sd within and between launches where samples can't be told apart by launch", () => {
    const { parts } = speed({
      ...launches([99, 101, 100], [98, 102]),
      avg_ts: 100,
      sd_between_ts: 2,
      sd_within_ts: 1,
    });
    expect(parts?.[0]?.variance).toBeCloseTo((4 + 1 / 2.5) / 1e4 / 2, 12);
  });

  it("is the repetitions of one launch, and 1% between launches that one can't show", () => {
    const { parts } = speed({ samples_ts: [100, 100, 100, 100] });
    expect(parts).toEqual([
      { variance: 0, freedom: 3 },
      { variance: 0.01 ** 2, freedom: Infinity },
    ]);
  });

  it("takes the machine's own spread between launches from an interval that was widened by it", () => {
    const half = 1.959963984540054 * 0.5;
    const { parts } = speed({
      samples_ts: [100, 100, 100],
      stddev_ts: 0,
      ci95_low_ts: 100 - half,
      ci95_high_ts: 100 + half,
    });
    expect(Math.sqrt(parts?.[1]?.variance ?? 0)).toBeCloseTo(0.005, 9);
  });

  it("is mean and sd by the delta method without samples, over 5 repetitions where nobody says", () => {
    const published = { samples_ts: [], avg_ts: 100, stddev_ts: 2, launches: null };
    const assumed = speed({ ...published, repetitions: null });
    expect(assumed.parts?.[0]).toEqual({ variance: 0.02 ** 2 / 5, freedom: 4 });
    expect(assumed.basis).toBe("mean and sd of 5 assumed repetitions and 1% between launches");
    const stated = speed({ ...published, repetitions: 3 });
    expect(stated.parts?.[0]).toEqual({ variance: 0.02 ** 2 / 3, freedom: 2 });
  });

  it.each([
    ["no sd", { stddev_ts: null, repetitions: 5 }],
    ["an sd of exactly 0", { stddev_ts: 0, repetitions: 5 }],
    ["a single repetition", { stddev_ts: 1, repetitions: 1 }],
  ])("is nothing with %s, and then there is no interval", (_, overrides) => {
    const bare = speed({ samples_ts: [], avg_ts: 100, ...overrides });
    expect(bare.parts).toBeNull();
    expect(speedInterval(bare)).toBeNull();
    expect(ratioInterval(logRatio(bare, speed({})))).toBeNull();
  });
});

describe("Holm's correction", () => {
  it.each([
    [
      [0.01, 0.04, 0.03, 0.005],
      [true, false, false, true],
    ],
    [
      [0.01, 0.013, 0.014, 0.19],
      [true, true, true, false],
    ],
    [
      [0.02, 0.02, 0.02],
      [false, false, false],
    ],
    [[0.05], [true]],
    [[], []],
  ])("of %j keeps %j", (ps, kept) => {
    expect(holm(ps)).toEqual(kept);
  });
});
