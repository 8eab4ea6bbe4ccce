import { describe, expect, it } from "vitest";
import { summarizeCase } from "../../src/results/summarizeCase.ts";

const launch = (number: number, samples: number[]) => ({
  launch: number,
  load_ms: number * 100,
  warmup_ns: [5e9],
  samples_ns: samples,
});

describe("the measured columns", () => {
  it("average speeds as llama-bench does: the mean of the repetitions' tokens per second", () => {
    const columns = summarizeCase([launch(1, [1e9, 2e9])], 128);
    expect(columns.samples_ts).toEqual([128, 64]);
    expect(columns.avg_ts).toBe(96);
    expect(columns.stddev_ts).toBeCloseTo(45.254833995939045, 12);
    expect(columns.avg_ns).toBe(1.5e9);
    expect(columns.stddev_ns).toBeCloseTo(707_106_781.1865475, 3);
    expect(columns).toMatchObject({ median_ts: 96, mad_ts: 32, min_ts: 64, max_ts: 128 });
  });

  it("count the launches and all their repetitions, and keep the warm-up apart", () => {
    const columns = summarizeCase([launch(1, [1e9, 2e9]), launch(2, [1e9]), launch(3, [])], 100);
    expect(columns).toMatchObject({ launches: 2, repetitions: 3, load_ms: 150 });
    expect(columns.samples_ns).toEqual([1e9, 2e9, 1e9]);
    expect(columns.warmup_ns).toEqual([5e9, 5e9]);
    expect(columns.launch_results).toHaveLength(3);
  });

  it("of long repetitions don't overflow as llama-bench's 64-bit squares do", () => {
    expect(summarizeCase([launch(1, [4e12, 6e12])], 10).stddev_ns).toBeCloseTo(
      Math.SQRT2 * 1e12,
      0,
    );
  });

  it("of a single sample have no spread, and of none are unknown", () => {
    expect(summarizeCase([launch(1, [1e9])], 10)).toMatchObject({
      avg_ts: 10,
      stddev_ts: null,
      stddev_ns: null,
      ci95_low_ts: null,
      sd_within_ts: null,
      sd_between_ts: null,
    });
    expect(summarizeCase([], 10)).toMatchObject({
      launches: null,
      repetitions: null,
      avg_ns: null,
      avg_ts: null,
      samples_ts: [],
      load_ms: null,
    });
  });

  it("have an interval that the machine's known spread between launches narrows", () => {
    const wide = summarizeCase([launch(1, [1e9, 1.001e9, 0.999e9])], 100);
    const narrow = summarizeCase([launch(1, [1e9, 1.001e9, 0.999e9])], 100, 0.001);
    expect(wide.ci95_low_ts).toBeCloseTo(98, 1);
    expect(narrow.ci95_low_ts).toBeGreaterThan(99.6);
  });
});
