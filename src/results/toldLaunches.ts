/** The launches behind a measured row that doesn't keep them: guessed once, here. */
import { mean, sampleVariance } from "simple-statistics";
import { isNonEmpty, type Launch, type NonEmpty, type ToldLaunch } from "../bench/launch.ts";
import type { Interval } from "../bench/summary.ts";
import { t95 } from "../statistics/studentT.ts";

interface Told {
  /** Null where the row doesn't say. */
  readonly launches: number | null;
  /** Every repetition's value, launch after launch; empty where the row doesn't keep them. */
  readonly values: readonly number[];
  readonly ci95: Interval | null;
}

/** However many launches there were, which the row's figures say: a file may claim more than memory holds. */
export const untoldLaunches: NonEmpty<ToldLaunch> = [{ kind: "told", values: null }];

/**
 * Samples stand launch after launch, and how many each has a row doesn't state: equally many, unless the row's own interval
 * says otherwise. Then the launches' samples are unknown, and the row's figures speak alone.
 */
export function toldLaunches({ launches, values, ci95 }: Told): NonEmpty<Launch> {
  const count = Math.max(1, launches ?? 1);
  if (values.length === 0) return untoldLaunches;
  if (count === 1) return [{ kind: "told", values }];
  const each = values.length / count;
  if (!Number.isInteger(each) || !isIntervalOf(values, each, ci95)) return untoldLaunches;
  const split = Array.from({ length: count }, (_, at): Launch => {
    return { kind: "told", values: values.slice(at * each, (at + 1) * each) };
  });
  return isNonEmpty(split) ? split : untoldLaunches;
}

/** Numbers read back from a CSV are those that were written, to the last digits. */
const sameNumbers = 1e-9;

/** Whether launches of so many samples give the row's interval (Student's t over their means); true where it has none. */
function isIntervalOf(values: readonly number[], each: number, ci95: Interval | null): boolean {
  if (ci95 === null) return true;
  const means: number[] = [];
  // Not by slices: a large file asks this hundreds of thousands of times.
  for (let start = 0; start < values.length; start += each) {
    let sum = 0;
    for (let at = start; at < start + each; at++) sum += values[at] ?? 0;
    means.push(sum / each);
  }
  const half = t95(means.length - 1) * Math.sqrt(sampleVariance(means) / means.length);
  const centre = mean(means);
  return [ci95.low - Math.max(0, centre - half), ci95.high - (centre + half)].every(
    (difference) => Math.abs(difference) <= sameNumbers * centre,
  );
}
