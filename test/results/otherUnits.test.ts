/** Rows of tests that are measured in another unit than tokens per second. */
import { describe, expect, it } from "vitest";
import { isMeasured } from "../../src/bench/record.ts";
import { LlmbenchError } from "../../src/errors.ts";
import { readCsv } from "../../src/results/readCsv.ts";
import { recordOf } from "../../src/results/recordOf.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { toCsv } from "../../src/results/writeCsv.ts";
import { measured, written } from "./journals.ts";
import { tested } from "./rows.ts";

const speeds = Object.fromEntries(
  Object.keys(measured)
    .filter((name) => name.endsWith("_ts"))
    .map((name) => [name, name === "samples_ts" ? [] : null]),
);

/** As a later version might write it: two launches of three repetitions. */
const copy: Partial<JournalRow> = {
  ...measured,
  ...speeds,
  test: "copy",
  n_prompt: 0,
  n_gen: 0,
  metric: "copy_gbps",
  unit: "GB/s",
  launches: 2,
  repetitions: 6,
  launch_results: [],
  samples_ns: [],
  warmup_ns: [],
  value: 403,
  value_low: 398.5,
  value_high: 407.5,
  value_samples: [400, 402, 401, 404, 405, 406],
};

function csvOf(value: string): string {
  return toCsv([recordOf(written(copy))]).replace(",403,", `,${value},`);
}

function summaryOf(row: Partial<JournalRow>) {
  const record = recordOf(row as JournalRow);
  if (!isMeasured(record)) throw new Error("not measured");
  return record.summary;
}

describe("a row of another unit", () => {
  it("has its value, interval and samples under the metric's own name, and no speed", () => {
    const row = written(copy);
    expect(row).toMatchObject({ metric: "copy_gbps", unit: "GB/s", value: 403, value_low: 398.5 });
    expect(row.value_samples).toEqual([400, 402, 401, 404, 405, 406]);
    expect(row).toMatchObject(speeds);
  });

  it("is written as it was read, in the journal and in the CSV", () => {
    const row = written(copy);
    expect(rowOf(recordOf(row))).toEqual(row);
    const csv = toCsv([recordOf(row)]);
    expect(toCsv(readCsv(csv, "copy.csv"))).toBe(csv);
  });

  it("has the spread that its samples have", () => {
    const summary = summaryOf(copy);
    expect(summary).toMatchObject({ mean: 403, median: 403, min: 400, max: 406 });
    expect(summary.sd).toBeCloseTo(2.3664319132398464, 12);
    expect(summary.ci95).toEqual({ low: 398.5, high: 407.5 });
  });

  it("tells the spread between launches where its interval says how samples fall into them", () => {
    // Student's t over the means 401 and 405.
    const half = 12.706204736174698 * 2;
    const interval = { value_low: 403 - half, value_high: 403 + half };
    expect(summaryOf({ ...copy, ...interval }).sdBetween).toBeCloseTo(2.768874620972692, 9);
    expect(summaryOf(copy)).toMatchObject({ sdWithin: null, sdBetween: null });
  });

  it("of no samples has a mean and an interval alone", () => {
    const bare = summaryOf({ ...copy, value_samples: [] });
    expect(bare).toMatchObject({ mean: 403, sd: null, median: null, values: [] });
  });

  it("without a value above 0 is refused with its place", () => {
    for (const value of ["", "0", "-403"])
      expect(() => readCsv(csvOf(value), "copy.csv")).toThrow(
        new LlmbenchError(
          "input",
          `copy.csv: row 1: value: expected a number above 0 where status is measured, got ${value || "nothing"}`,
        ),
      );
  });
});

describe("a row of a test that isn't known", () => {
  it("passes metric and unit on", () => {
    const row = written({ ...measured, test: "zz9", metric: "zz_ts", unit: "t/s" });
    expect(row).toMatchObject({ metric: "zz_ts", unit: "t/s", avg_ts: 66.31, value: 66.31 });
  });

  it("is of tokens per second where it says no unit", () => {
    const row = written({ ...measured, test: "zz9", metric: null, unit: null });
    expect(row).toMatchObject({ metric: null, unit: null, avg_ts: 66.31, value_samples: [] });
  });

  it("is any whose lengths aren't those of its name", () => {
    const { workload } = recordOf({ ...measured, ...tested({ n_prompt: 512 }), n_prompt: 256 });
    expect(workload).toMatchObject({ kind: "unknown", name: "pp512", prompt: 256 });
  });
});
