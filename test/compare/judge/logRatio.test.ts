import { describe, expect, it } from "vitest";
import { edgeP } from "../../../src/compare/judge/holm.ts";
import { logRatio, ratioInterval } from "../../../src/compare/judge/logRatio.ts";
import type { LogValue } from "../../../src/compare/judge/logValue.ts";
import { launches } from "../rows.ts";
import { valueOf } from "./values.ts";

/** A case whose launches' logs are the given numbers, a sample a launch. */
function ofLogs(logs: readonly number[]): LogValue {
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return valueOf({ ...launches(...logs.map((log) => [Math.exp(log)])), avg_ts: Math.exp(mean) });
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
    const [a, b] = [valueOf({ samples_ts: [50, 51, 49] }), valueOf({ samples_ts: [80, 81, 84] })];
    const [there, back] = [ratioInterval(logRatio(a, b)), ratioInterval(logRatio(b, a))];
    expect(there?.low).toBeCloseTo(1 / (back?.high ?? 0), 12);
    expect(there?.high).toBeCloseTo(1 / (back?.low ?? 0), 12);
  });
});
