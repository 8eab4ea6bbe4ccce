/** How much more measuring would turn an inconclusive pair into a verdict. */
import { t95 } from "../../statistics/studentT.ts";
import type { LogValue } from "./logValue.ts";

/** Beyond this many launches of each machine nobody will go: the two are as good as the boundary apart. */
const mostLaunches = 100;

export interface MoreMeasuring {
  /** Launches of each machine, those that there are already included. */
  readonly launches: number;
  readonly repetitions: number;
}

/**
 * The fewest launches of each machine, with as many repetitions as now, whose interval would lie clear of the nearest
 * boundary if ratio and spread stay as they are; null where 100 wouldn't do.
 */
export function moreMeasuring(
  baseline: LogValue,
  other: LogValue,
  practical: number,
): MoreMeasuring | null {
  const [a, b] = [baseline.uncertainty?.launch, other.uncertainty?.launch];
  if (!a || !b) return null;
  const variance = a.variance + b.variance;
  // Satterthwaite's share for equal numbers of launches: freedom = share · (launches - 1).
  const share = variance ** 2 / (a.variance ** 2 + b.variance ** 2);
  const ratio = Math.abs(other.log - baseline.log);
  const room = Math.abs(ratio - Math.log1p(practical));
  const settles = (launches: number) =>
    t95(share * (launches - 1)) * Math.sqrt(variance / launches) < room;
  // No t is below the normal's 1.96: that many are needed at least.
  const fewest = Math.max(2, Math.floor((1.96 ** 2 * variance) / room ** 2));
  for (let launches = fewest; launches <= mostLaunches; launches += 1) {
    if (settles(launches))
      return { launches, repetitions: launches * Math.max(a.repetitions, b.repetitions) };
  }
  return null;
}
