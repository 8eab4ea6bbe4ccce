/** A case's figures, out of the raw samples of its launches. */
import { mean } from "simple-statistics";
import { summarize as summarizeLaunches } from "../statistics/launchSummary.ts";
import { sampleSd } from "../statistics/spread.ts";
import type { TimedLaunch } from "./launch.ts";
import { ownValues } from "./metrics.ts";
import { caseReadingsOf } from "./readings.ts";
import type { StopReason } from "./stopReasons.ts";
import type { Summary, TokenPercentiles } from "./summary.ts";
import { sustainedSpeed } from "./sustainedSpeed.ts";
import { tokenPercentile } from "./tokenTimes.ts";
import { ownMetric, type Workload } from "./workload.ts";

/**
 * What follows from the samples; null where no launch has any (failed ones have none, and don't count). With one launch the
 * interval rests on an assumed spread between launches, which the case should warn of (`single_launch`).
 * @param relativeBetweenSd the machine's standard deviation between launches, as a share of the mean, where it is known.
 */
export function summarize(
  all: readonly TimedLaunch[],
  workload: Workload,
  relativeBetweenSd?: number,
): Summary | null {
  const metric = ownMetric(workload);
  const launches = all.filter(({ samplesNs }) => samplesNs.length > 0);
  if (metric === null || launches.length === 0) return null;
  const samplesNs = launches.flatMap((launch) => launch.samplesNs);
  const values = launches.map((launch) => ownValues(launch, workload) ?? []);
  const spread = summarizeLaunches(values, relativeBetweenSd);
  if (spread === null) return null;
  return {
    metric,
    launches: launches.length,
    repetitions: samplesNs.length,
    meanNs: mean(samplesNs),
    sdNs: sampleSd(samplesNs),
    mean: spread.mean,
    sd: spread.sd,
    median: spread.median,
    mad: spread.mad,
    min: spread.min,
    max: spread.max,
    ci95: spread.ci95,
    sdWithin: spread.sdWithin,
    sdBetween: spread.sdBetween,
    values: values.flat(),
    stoppedBy: stoppedBy(launches),
    sustained: sustainedSpeed(launches, workload),
    tokenMs: tokenPercentiles(launches, workload),
    readings: caseReadingsOf(launches.map(({ readings }) => readings)),
  };
}

/** Of generation alone: beside a prompt the first token waits for it. */
function tokenPercentiles(launches: readonly TimedLaunch[], { kind }: Workload): TokenPercentiles {
  const times = kind === "generate" ? launches.map(({ tokenTimes }) => tokenTimes) : [];
  const ms = (share: number) => {
    const ns = tokenPercentile(times, share);
    return ns === null ? null : ns / 1e6;
  };
  return { p50: ms(0.5), p90: ms(0.9), p99: ms(0.99) };
}

/** Limits of `-r auto` that leave the mean less well known than asked come first. */
const byUrgency = [
  "max_time",
  "max_repetitions",
  "precision",
  "repetitions",
  "sustain",
] as const satisfies readonly StopReason[];

/** What ended the repetitions; of launches that ended by several, what is worth knowing. */
function stoppedBy(launches: readonly TimedLaunch[]): StopReason | null {
  return byUrgency.find((reason) => launches.some((one) => one.stoppedBy === reason)) ?? null;
}
