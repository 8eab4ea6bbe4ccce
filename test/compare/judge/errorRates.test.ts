import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../../src/bench/record.ts";
import { valueInterval } from "../../../src/compare/judge/logRatio.ts";
import { sideOf } from "../../../src/compare/judge/verdict.ts";
import { normalDeviates } from "../../statistics/random.ts";
import { launches, row } from "../rows.ts";
import { judged } from "./judged.ts";

const pairs = 500;
const within = 0.003;

/** A file's row of a machine whose launches scatter by `between`, their repetitions by 0.3%. */
function measured(speed: number, count: number, between: number, normal: () => number): CaseRecord {
  const each = Array.from({ length: count }, () => {
    const launch = speed * (1 + between * normal());
    return Array.from({ length: 5 }, () => launch * (1 + within * normal()));
  });
  return row(launches(...each));
}

/** Relative half-width of a row's own interval. */
function halfWidth(of: CaseRecord): number {
  const { value } = sideOf(of);
  const interval = value === null ? null : valueInterval(value);
  return interval === null ? Infinity : Math.log(interval.high / interval.low) / 2;
}

describe.each([0.002, 0.005, 0.01])("with launches that scatter by %d", (between) => {
  it.each([2, 3])("the same machine twice, %d launches, is never called faster", (count) => {
    const normal = normalDeviates(1);
    const faster = Array.from({ length: pairs }, () =>
      judged(measured(100, count, between, normal), measured(100, count, between, normal)),
    ).filter(({ verdict }) => verdict === "faster");
    expect(faster.length / pairs).toBeLessThanOrEqual(0.05);
  });

  it.each([2, 3])("the interval of the ratio covers the truth, %d launches", (count) => {
    const normal = normalDeviates(2);
    const covered = Array.from({ length: pairs }, () =>
      judged(measured(100, count, between, normal), measured(80, count, between, normal)),
    ).filter(({ interval }) => interval !== null && interval.low < 0.8 && 0.8 < interval.high);
    expect(covered.length / pairs).toBeGreaterThan(0.92);
  });
});

describe("5% taken off", () => {
  it.each([
    [2, 0],
    [2, 0.002],
    [3, 0.002],
    [3, 0.005],
  ])("is seen where the intervals are within 1% (%d launches, %d between)", (count, between) => {
    const normal = normalDeviates(3);
    const found = Array.from({ length: 1500 }, () => {
      const [a, b] = [measured(100, count, between, normal), measured(95, count, between, normal)];
      return { clear: Math.max(halfWidth(a), halfWidth(b)) < 0.01, ...judged(a, b) };
    }).filter(({ clear }) => clear);
    const seen = found.filter(
      ({ verdict, winner }) => verdict === "faster" && winner === "baseline",
    );
    expect(found.length).toBeGreaterThan(20);
    expect(seen.length / found.length).toBeGreaterThanOrEqual(0.9);
  });
});
