import { describe, expect, it } from "vitest";
import { logSpeedOf } from "../../src/compare/logSpeed.ts";
import { logRatio, ratioInterval } from "../../src/compare/welch.ts";
import type { CaseRow } from "../../src/results/caseResult.ts";
import { summarizeCase } from "../../src/results/summarizeCase.ts";
import { normalDeviates } from "../statistics/random.ts";
import { row } from "./rows.ts";

const runs = 1500;
const within = 0.003;
const tokens = 128;

/** A row as a run makes it; `-r auto` leaves launches of different lengths. */
function measured(launches: number, between: number, normal: () => number): CaseRow {
  const results = Array.from({ length: launches }, (_, i) => {
    const speed = 100 * (1 + between * normal());
    const samples_ns = Array.from(
      { length: 5 + 4 * i },
      () => (1e9 * tokens) / (speed * (1 + within * normal())),
    );
    return { launch: i + 1, load_ms: 1, warmup_ns: [], samples_ns };
  });
  return row(summarizeCase(results, tokens));
}

/** Share of pairs of runs of one machine whose ratio's interval doesn't hold 1. */
function calledDifferent(launches: number, between: number): number {
  const normal = normalDeviates(launches * 100 + between * 1e5);
  const speed = () => logSpeedOf(measured(launches, between, normal));
  let different = 0;
  for (let run = 0; run < runs; run++) {
    const [a, b] = [speed(), speed()];
    const interval = a === null || b === null ? null : ratioInterval(logRatio(a, b));
    if (interval === null || interval.low > 1 || interval.high < 1) different += 1;
  }
  return different / runs;
}

describe.each([0.002, 0.005, 0.01])("two runs of one machine, %d between launches", (between) => {
  it.each([2, 3])("with %d launches are called different in at most 7 of 100", (launches) => {
    expect(calledDifferent(launches, between)).toBeLessThanOrEqual(0.07);
  });

  it("with one launch, widened by 1%, are called different in at most 7 of 100", () => {
    expect(calledDifferent(1, between)).toBeLessThanOrEqual(0.07);
  });
});
