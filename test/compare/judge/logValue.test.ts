import { describe, expect, it } from "vitest";
import { logRatio, ratioInterval, valueInterval } from "../../../src/compare/judge/logRatio.ts";
import { sourceText } from "../../../src/reporters/compare/words/verdicts.ts";
import { launches, type Columns } from "../rows.ts";
import { valueOf } from "./values.ts";

/** Its error, with where that is known from in words. */
function errorOf(columns: Columns) {
  const { uncertainty } = valueOf(columns);
  return { parts: uncertainty?.parts, basis: uncertainty && sourceText(uncertainty.source) };
}

/** In ns, of repetitions of tg128. */
const timesAt = (speed: number, count: number) =>
  Array.from({ length: count }, () => (1e9 * 128) / speed);

describe("what a value's error rests on", () => {
  it("is the launches' means where there are several: repetitions within one share its luck", () => {
    const { parts, basis } = errorOf(launches([100, 100, 100], [110, 110, 110]));
    const means = [Math.log(100), Math.log(110)];
    expect(parts).toHaveLength(1);
    expect(parts?.[0]?.variance).toBeCloseTo(((means[1] ?? 0) - (means[0] ?? 0)) ** 2 / 4, 12);
    expect(parts?.[0]?.freedom).toBe(1);
    expect(basis).toBe("2 launches");
  });

  it("is the launches' logs where the row's own interval says that they are equally long", () => {
    const half = 12.706204736174698 * 5;
    const two = launches([100, 100], [110, 110]);
    const { parts } = errorOf({ ...two, ci95_low_ts: 105 - half, ci95_high_ts: 105 + half });
    expect(parts).toEqual(errorOf(two).parts);
  });

  it("is that of the launches that a journal keeps, whatever the length of each", () => {
    const kept = [timesAt(100, 2), timesAt(110, 6)].map((samples_ns, at) => ({
      launch: at + 1,
      samples_ns,
    }));
    const { parts, basis } = errorOf({
      ...launches([100, 100], [110, 110, 110, 110, 110, 110]),
      launch_results: kept as NonNullable<Columns["launch_results"]>,
    });
    // The mean over all repetitions is a quarter of the one launch and three of the other.
    const variance = Math.log(110 / 100) ** 2 / 2;
    expect(parts).toHaveLength(1);
    expect(parts?.[0]?.variance).toBeCloseTo(variance * (0.25 ** 2 + 0.75 ** 2), 12);
    expect(parts?.[0]?.freedom).toBe(1);
    expect(basis).toBe("2 launches");
  });

  it("is the row's interval where that tells of launches of other lengths", () => {
    const half = 12.706204736174698 * 4;
    const { parts } = errorOf({
      ...launches([100, 100], [110, 110]),
      ci95_low_ts: 104 - half,
      ci95_high_ts: 104 + half,
    });
    expect(parts?.[0]?.variance).toBeCloseTo((4 / 104) ** 2, 12);
    expect(parts?.[1]?.variance).toBeCloseTo(Math.log(105 / 104) ** 2, 12);
    expect(parts?.[1]?.freedom).toBe(1);
  });

  it("is sd within and between launches where samples can't be told apart by launch", () => {
    const { parts } = errorOf({
      ...launches([99, 101, 100], [98, 102]),
      avg_ts: 100,
      sd_between_ts: 2,
      sd_within_ts: 1,
    });
    expect(parts?.[0]?.variance).toBeCloseTo((4 + 1 / 2.5) / 1e4 / 2, 12);
  });

  it("is the repetitions of one launch, and 1% between launches that one can't show", () => {
    const { parts } = errorOf({ samples_ts: [100, 100, 100, 100] });
    expect(parts).toEqual([
      { variance: 0, freedom: 3 },
      { variance: 0.01 ** 2, freedom: Infinity },
    ]);
  });

  it("takes the machine's own spread between launches from an interval that was widened by it", () => {
    const half = 1.959963984540054 * 0.5;
    const { parts } = errorOf({
      samples_ts: [100, 100, 100],
      stddev_ts: 0,
      ci95_low_ts: 100 - half,
      ci95_high_ts: 100 + half,
    });
    expect(Math.sqrt(parts?.[1]?.variance ?? 0)).toBeCloseTo(0.005, 9);
  });

  it("is mean and sd by the delta method without samples, over 5 repetitions where nobody says", () => {
    const published = { samples_ts: [], avg_ts: 100, stddev_ts: 2, launches: null };
    const assumed = errorOf({ ...published, repetitions: null });
    expect(assumed.parts?.[0]).toEqual({ variance: 0.02 ** 2 / 5, freedom: 4 });
    expect(assumed.basis).toBe("mean and sd of 5 assumed repetitions and 1% between launches");
    const stated = errorOf({ ...published, repetitions: 3 });
    expect(stated.parts?.[0]).toEqual({ variance: 0.02 ** 2 / 3, freedom: 2 });
  });

  it.each([
    ["no sd", { stddev_ts: null, repetitions: 5 }],
    ["an sd of exactly 0", { stddev_ts: 0, repetitions: 5 }],
    ["a single repetition", { stddev_ts: 1, repetitions: 1 }],
  ])("is nothing with %s, and then there is no interval", (_, overrides) => {
    const bare = valueOf({ samples_ts: [], avg_ts: 100, ...overrides });
    expect(bare.uncertainty).toBeNull();
    expect(valueInterval(bare)).toBeNull();
    expect(ratioInterval(logRatio(bare, valueOf({})))).toBeNull();
  });
});
