/** When a case has been launched enough. */
import { sumOf } from "../base/sumOf.ts";
import { isTimed, type TimedLaunch } from "../bench/launch.ts";
import type { MeasuredRecord } from "../bench/record.ts";
import { autoLaunches } from "../bench/repetitions.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import type { RunOptions } from "./runOptions.ts";

type LaunchOptions = Pick<RunOptions, "launches" | "precision" | "maxTimeSeconds">;

/**
 * With `--launches auto` they end when the 95% interval over them is as narrow as asked. Looking at it after each launch
 * costs coverage: of simulated cases it held 95% where launches differ by 0.5%, 92% at 1%, 91% at 1.5%.
 *
 * @param record the case with all its launches so far
 */
export function isLastLaunch(
  { launches: most }: Pick<BenchCase, "launches">,
  { launches, summary }: Pick<MeasuredRecord, "launches" | "summary">,
  options: LaunchOptions,
): boolean {
  const count = launches.length;
  if (count >= most) return true;
  if (options.launches !== "auto") return false;
  if (count >= 2 && secondsOf(launches.filter(isTimed)) >= options.maxTimeSeconds) return true;
  const { ci95, mean } = summary;
  if (count < autoLaunches.least || ci95 === null || mean === null) return false;
  return (ci95.high - ci95.low) / 2 <= options.precision * mean;
}

/** Of warm-ups and repetitions. */
function secondsOf(launches: readonly TimedLaunch[]): number {
  const all = launches.flatMap(({ warmupNs, samplesNs }) => [...warmupNs, ...samplesNs]);
  return sumOf(all, (ns) => ns) / 1e9;
}
