/** A measured row's figures, read back. */
import type { Launch } from "../bench/launch.ts";
import { isTimed } from "../bench/launch.ts";
import { isSpeed, ownValues } from "../bench/metrics.ts";
import type { Interval, Summary, Sustained, TokenPercentiles } from "../bench/summary.ts";
import { sustainedSpeed } from "../bench/sustainedSpeed.ts";
import { ownMetric, type Workload } from "../bench/workload.ts";
import { summarize as summarizeLaunches } from "../statistics/launchSummary.ts";
import { partOf } from "./partOf.ts";
import type { ReadRow } from "./row.ts";
import { RowMismatch } from "./rowMismatch.ts";
import { toldLaunches } from "./toldLaunches.ts";
import { unknownCase } from "./unknownCase.ts";

/** While it is made. */
type Fillable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * What was measured has a value: a row without one would pass for a model that isn't on its GPU.
 * @param kept launches that the file has; empty where it doesn't keep them.
 * @throws RowMismatch
 */
export function summaryOfRow(row: ReadRow, workload: Workload, kept: readonly Launch[]): Summary {
  const summary: Fillable<Summary> = partOf("summary", row);
  summary.metric = ownMetric(workload);
  summary.tokenMs = tokenMsOf(row);
  summary.readings = partOf("readings", row);
  if (isSpeed(workload)) fillSpeeds(summary, row);
  else fillValues(summary, row, workload, kept);
  return summary;
}

function fillSpeeds(summary: Fillable<Summary>, row: ReadRow): void {
  if (row.avg_ts === null)
    throw new RowMismatch("avg_ts: expected a speed where status is measured, got nothing");
  summary.mean = row.avg_ts;
  summary.sd = row.stddev_ts;
  summary.median = row.median_ts;
  summary.mad = row.mad_ts;
  summary.min = row.min_ts;
  summary.max = row.max_ts;
  summary.ci95 = interval(row.ci95_low_ts, row.ci95_high_ts);
  summary.sdWithin = row.sd_within_ts;
  summary.sdBetween = row.sd_between_ts;
  summary.values = row.samples_ts;
  summary.sustained = sustainedOf(row, row.burst_ts, row.sustained_ts);
}

/** The columns have mean, interval and samples of another metric: all else follows from the samples. */
function fillValues(
  summary: Fillable<Summary>,
  row: ReadRow,
  workload: Workload,
  kept: readonly Launch[],
): void {
  const { value, value_low: low, value_high: high } = row;
  if (value === null || value <= 0)
    throw new RowMismatch(
      `value: expected a number above 0 where status is measured, got ${value ?? "nothing"}`,
    );
  summary.mean = value;
  summary.ci95 = interval(low, high);
  const timed = kept.filter(isTimed);
  const launches = timed.flatMap((launch) => {
    const values = ownValues(launch, workload);
    return values === null ? [] : [values];
  });
  summary.values = launches.length > 0 ? launches.flat() : row.value_samples;
  fillSpread(summary, launches);
  summary.sustained = sustainedSpeed(timed, workload) ?? sustainedOf(row, null, null);
}

/** @param kept values of each launch, as far as the file has them */
function fillSpread(summary: Fillable<Summary>, kept: readonly (readonly number[])[]): void {
  const launches = kept.length > 0 ? kept : valuesApart(summary);
  const spread = summarizeLaunches(launches ?? [summary.values]);
  if (spread === null) return;
  summary.sd = spread.sd;
  summary.median = spread.median;
  summary.mad = spread.mad;
  summary.min = spread.min;
  summary.max = spread.max;
  // Which of the samples are of one launch is not always told.
  if (launches === null) return;
  summary.sdWithin = spread.sdWithin;
  summary.sdBetween = spread.sdBetween;
}

/** Values of each launch; null where the row doesn't tell them apart. */
function valuesApart(summary: Summary): (readonly number[])[] | null {
  const told = toldLaunches(summary).map((launch) => (isTimed(launch) ? null : launch.values));
  const known = told.filter((values) => values !== null);
  return known.length < told.length ? null : known;
}

function interval(low: number | null, high: number | null): Interval | null {
  return low === null || high === null ? null : { low, high };
}

function sustainedOf(row: ReadRow, burst: number | null, held: number | null): Sustained | null {
  const { sustain_s: seconds, speed_over_time: points = [] } = row;
  return seconds === null ? null : { ...partOf("sustained", row), seconds, burst, held, points };
}

/** Most rows have none, and share that. */
function tokenMsOf(row: ReadRow): TokenPercentiles {
  const { token_p50_ms: p50, token_p90_ms: p90, token_p99_ms: p99 } = row;
  return p50 === null && p90 === null && p99 === null
    ? unknownCase.summary.tokenMs
    : partOf("tokenMs", row);
}
