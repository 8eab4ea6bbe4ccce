import { describe, expect, it } from "vitest";
import { derivedMetrics } from "../../src/bench/derivedMetrics.ts";
import { isMeasured, type MeasuredRecord } from "../../src/bench/record.ts";
import { row, steady } from "../compare/rows.ts";

const { speed_up: speedUp, kept_at_depth: keptAtDepth } = derivedMetrics;

function at(speed: number, test = "tg128"): MeasuredRecord {
  const record = row({ ...steady(speed), test });
  if (!isMeasured(record)) throw new Error("not measured");
  return record;
}

describe("a speed-up", () => {
  it("is how many times as fast the last case is as the first", () => {
    expect(speedUp.of([at(20), at(60)])).toBeCloseTo(3, 9);
    expect(speedUp.of([at(60), at(1000), at(20)])).toBeCloseTo(1 / 3, 9);
    expect(speedUp.of([at(20)])).toBe(1);
  });

  it("is none between two metrics", () => {
    expect(speedUp.of([at(20), at(60, "pp512")])).toBeNull();
  });
});

describe("the speed that is kept at depth", () => {
  it("is the deepest case's share of the shallowest's, in whatever order they come", () => {
    const cases = [at(50, "tg128 @ d4096"), at(100), at(25, "tg128 @ d16384")] as const;
    expect(keptAtDepth.of(cases)).toBeCloseTo(0.25, 9);
  });

  it("is that of the best case of each depth", () => {
    const cases = [at(80), at(100), at(40, "tg128 @ d4096"), at(50, "tg128 @ d4096")] as const;
    expect(keptAtDepth.of(cases)).toBeCloseTo(0.5, 9);
  });

  it("is unknown of one depth", () => {
    expect(keptAtDepth.of([at(100), at(90)])).toBeNull();
  });
});
