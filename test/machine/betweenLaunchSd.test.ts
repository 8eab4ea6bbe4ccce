import { mean, sampleStandardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { summarize } from "../../src/bench/summarize.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import { betweenLaunchSd } from "../../src/machine/betweenLaunchSd.ts";
import { launchOf } from "../../src/results/launchLine.ts";
import { normalDeviates } from "../statistics/random.ts";

const noise = {
  prompt_sd: 0.004,
  generation_sd: 0.006,
  launches: 8,
  measured_on: "a toy",
  measured_at: "2026-11-23T14:26:01Z",
};
const prompt = workloadOf({ prompt: 512, generated: 0, depth: 0 });
const generation = workloadOf({ prompt: 0, generated: 128, depth: 0 });
const both = workloadOf({ prompt: 512, generated: 128, depth: 0 });
const token = workloadOf({ prompt: 0, generated: 1, depth: 0 });

/** Student's t of 7 degrees of freedom over the normal distribution's quantile. */
const widening = 2.3646242515927844 / 1.959963984540054;

describe("the spread between launches", () => {
  it("is that of the workload's kind, the larger of both for both, widened for the launches it was seen in", () => {
    expect(betweenLaunchSd(noise, prompt)).toBeCloseTo(0.004 * widening, 9);
    expect(betweenLaunchSd(noise, generation)).toBeCloseTo(0.006 * widening, 9);
    expect(betweenLaunchSd(noise, both)).toBeCloseTo(0.006 * widening, 9);
  });

  it("is assumed to be 1% where it wasn't measured", () => {
    expect(betweenLaunchSd(null, prompt)).toBeUndefined();
  });

  it.each([0.002, 0.005, 0.01])(
    "of %d, measured in 8 launches, gives single launches intervals that cover the truth in 90 to 99%",
    (between) => {
      const normal = normalDeviates(between * 1e6);
      const launch = () => {
        const speed = 100 * (1 + between * normal());
        return Array.from({ length: 5 }, () => speed * (1 + 0.003 * normal()));
      };
      const trials = 1500;
      let covered = 0;
      for (let trial = 0; trial < trials; trial++) {
        const means = Array.from({ length: 8 }, () => mean(launch()));
        const known = { ...noise, generation_sd: sampleStandardDeviation(means) / mean(means) };
        const samplesNs = launch().map((speed) => 1e9 / speed);
        const single = launchOf({ launch: 1, samples_ns: samplesNs });
        const { low, high } = summarize([single], token, betweenLaunchSd(known, token))?.ci95 ?? {
          low: Infinity,
          high: 0,
        };
        if (low <= 100 && 100 <= high) covered += 1;
      }
      expect(covered / trials).toBeGreaterThan(0.9);
      expect(covered / trials).toBeLessThan(0.99);
    },
  );
});
