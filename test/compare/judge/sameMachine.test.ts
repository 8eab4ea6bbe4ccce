import { describe, expect, it } from "vitest";
import { isNonEmpty, type TimedLaunch } from "../../../src/bench/launch.ts";
import { isMeasured, type MeasuredRecord } from "../../../src/bench/record.ts";
import { summarize } from "../../../src/bench/summarize.ts";
import { logRatio, ratioInterval } from "../../../src/compare/judge/logRatio.ts";
import { logValueOf } from "../../../src/compare/judge/logValue.ts";
import { launchOf } from "../../../src/results/launchLine.ts";
import { toldLaunches } from "../../../src/results/toldLaunches.ts";
import { normalDeviates } from "../../statistics/random.ts";
import { row } from "../rows.ts";

const runs = 1500;
const within = 0.003;
const tokens = 128;
const planned = row();

/** A case as a run makes it; `-r auto` leaves launches of different lengths. */
function measured(count: number, between: number, normal: () => number): MeasuredRecord {
  const launches = Array.from({ length: count }, (_, i): TimedLaunch => {
    const speed = 100 * (1 + between * normal());
    const samples_ns = Array.from(
      { length: 5 + 4 * i },
      () => (1e9 * tokens) / (speed * (1 + within * normal())),
    );
    return launchOf({ launch: i + 1, samples_ns });
  });
  const summary = summarize(launches, planned.workload);
  if (!isMeasured(planned) || !isNonEmpty(launches) || summary === null)
    throw new Error("nothing measured");
  return { ...planned, launches, summary };
}

/** What each kind of file tells of the launches. */
const files = {
  "of a journal": (record: MeasuredRecord) => record,
  "of a CSV": (record: MeasuredRecord) => ({ ...record, launches: toldLaunches(record.summary) }),
};

/** Share of pairs of runs of one machine whose ratio's interval doesn't hold 1. */
function calledDifferent(
  launches: number,
  between: number,
  read: (record: MeasuredRecord) => MeasuredRecord,
): number {
  const normal = normalDeviates(launches * 100 + between * 1e5);
  const value = () => logValueOf(read(measured(launches, between, normal)));
  let different = 0;
  for (let run = 0; run < runs; run++) {
    const interval = ratioInterval(logRatio(value(), value()));
    if (interval === null || interval.low > 1 || interval.high < 1) different += 1;
  }
  return different / runs;
}

describe.each(Object.entries(files))("two runs of one machine, %s,", (_, read) => {
  describe.each([0.002, 0.005, 0.01])("with %d between launches", (between) => {
    it.each([2, 3])("with %d launches are called different in at most 7 of 100", (launches) => {
      expect(calledDifferent(launches, between, read)).toBeLessThanOrEqual(0.07);
    });

    it("with one launch, widened by 1%, are called different in at most 7 of 100", () => {
      expect(calledDifferent(1, between, read)).toBeLessThanOrEqual(0.07);
    });
  });
});
