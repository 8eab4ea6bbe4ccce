/** Which of two measured speeds is higher, if that can be said. */
import type { CaseRow } from "../results/caseResult.ts";
import { buildDistance, farApartReleases } from "./builds.ts";
import type { LogSpeed } from "./logSpeed.ts";
import { moreMeasuring } from "./settle.ts";
import type { LogRatio, RatioInterval } from "./welch.ts";

/** What figures without spread, or from builds far apart, must differ by: progress between builds reaches that. */
const ratioWithoutInterval = 1.25;

export interface MeasuredSide {
  readonly row: CaseRow;
  readonly speed: LogSpeed;
}

/** What keeps an interval from deciding. */
export type Lacking = "spread" | "builds";

export interface Decision {
  readonly verdict: "faster" | "equivalent" | "inconclusive";
  readonly lacking: Lacking | null;
  /** What it rests on, in words. */
  readonly basis: string;
}

/** `practical`: the difference that matters, as a share; the band is symmetric on logs, so that sides can change places. */
export function decide(
  [baseline, other]: readonly [MeasuredSide, MeasuredSide],
  ratio: LogRatio,
  interval: RatioInterval | null,
  practical: number,
): Decision {
  const beyondDoubt = Math.abs(ratio.log) > Math.log(ratioWithoutInterval);
  if (interval === null) {
    const basis = `no spread is known: a verdict needs a ratio beyond ${ratioWithoutInterval}`;
    return { verdict: beyondDoubt ? "faster" : "inconclusive", lacking: "spread", basis };
  }
  const doubt = doubtOfBuilds(baseline.row, other.row);
  if (doubt !== null && !beyondDoubt) {
    const basis = `${doubt}: a verdict needs a ratio beyond ${ratioWithoutInterval}`;
    return { verdict: "inconclusive", lacking: "builds", basis };
  }
  const basis = spreadBasis(baseline.speed, other.speed, ratio);
  const band = Math.log1p(practical);
  const [low, high] = [Math.log(interval.low), Math.log(interval.high)];
  if (low > band || high < -band) return { verdict: "faster", lacking: null, basis };
  if (low > -band && high < band) return { verdict: "equivalent", lacking: null, basis };
  const advice = whatSettles(baseline.speed, other.speed, practical);
  return { verdict: "inconclusive", lacking: null, basis: `${basis}; ${advice}` };
}

function doubtOfBuilds(baseline: CaseRow, other: CaseRow): string | null {
  const distance = buildDistance(baseline, other);
  if (distance === "far") return `builds more than ${farApartReleases} releases apart`;
  return distance === "unknown" ? "builds of unknown distance" : null;
}

function spreadBasis(a: LogSpeed, b: LogSpeed, { error }: LogRatio): string {
  const sides = a.basis === b.basis ? `${a.basis} each` : `${a.basis} / ${b.basis}`;
  // Beyond a hundred degrees of freedom the t distribution is the normal one to 1%.
  const freedom = error === null || error.freedom > 100 ? "" : `, ${error.freedom.toFixed(1)} df`;
  return `Welch on logs: ${sides}${freedom}`;
}

function whatSettles(a: LogSpeed, b: LogSpeed, practical: number): string {
  const more = moreMeasuring(a, b, practical);
  if (more === null)
    return `too close to ${+(practical * 100).toFixed(2)}% for any number of repetitions in reach`;
  return `about ${more.repetitions} repetitions of each, in ${more.launches} launches, would settle it`;
}
