import { describe, expect, it } from "vitest";
import { summarize } from "../../src/bench/summarize.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import { toldLaunches } from "../../src/results/toldLaunches.ts";
import { timedLaunch } from "../bench/launches.ts";

const values = (...launches: readonly (readonly number[])[]) =>
  launches.map((launch) => ({ kind: "told", values: launch }));

const untold = { kind: "told", values: null };

describe("the launches behind a row that doesn't keep them", () => {
  it("are one where the row says so, or says nothing", () => {
    expect(toldLaunches({ launches: 1, values: [66, 67], ci95: null })).toEqual(values([66, 67]));
    expect(toldLaunches({ launches: null, values: [66, 67], ci95: null })).toEqual(
      values([66, 67]),
    );
  });

  it("have equally many samples each, launch after launch, where the row doesn't speak against it", () => {
    expect(toldLaunches({ launches: 2, values: [1, 2, 3, 4], ci95: null })).toEqual(
      values([1, 2], [3, 4]),
    );
  });

  it("are not told apart where their samples don't divide, or the row keeps none", () => {
    expect(toldLaunches({ launches: 2, values: [1, 2, 3], ci95: null })).toEqual([untold]);
    expect(toldLaunches({ launches: 3, values: [], ci95: null })).toEqual([untold]);
  });

  it("take no memory, however many a file claims", () => {
    for (const kept of [[], [1, 2]])
      expect(toldLaunches({ launches: 2 ** 53 - 1, values: kept, ci95: null })).toEqual([untold]);
  });

  const workload = workloadOf({ prompt: 0, generated: 128, depth: 0 });
  const summaryOf = (...samples: readonly number[][]) =>
    summarize(
      samples.map((samplesNs, at) => timedLaunch({ number: at + 1, samplesNs })),
      workload,
    );

  it("are those that were measured, where the row's own interval is theirs", () => {
    const summary = summaryOf([1e9, 1.01e9], [1.02e9, 1.03e9]);
    const [first = 0, second = 0, third = 0, fourth = 0] = summary?.values ?? [];
    expect(summary && toldLaunches(summary)).toEqual(values([first, second], [third, fourth]));
  });

  it("are not split evenly where the row's own interval is that of another split", () => {
    const summary = summaryOf([1e9], [1.02e9, 1.03e9, 1.01e9]);
    expect(summary && toldLaunches(summary)).toEqual([untold]);
  });
});
