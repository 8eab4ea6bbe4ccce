/** A case's measured columns, out of the raw samples of its launches. */
import { mean, median } from "simple-statistics";
import { sampleSd } from "../statistics/spread.ts";
import { summarize } from "../statistics/launchSummary.ts";
import type { StopReason } from "../llamacpp/stopRule.ts";
import type { CaseResult, LaunchResult } from "./caseResult.ts";
import { sustainedSpeed, type SustainedColumns } from "./sustainedSpeed.ts";

export type MeasuredColumns = Pick<
  CaseResult,
  | "launches"
  | "repetitions"
  | "avg_ns"
  | "stddev_ns"
  | "avg_ts"
  | "stddev_ts"
  | "median_ts"
  | "mad_ts"
  | "min_ts"
  | "max_ts"
  | "ci95_low_ts"
  | "ci95_high_ts"
  | "sd_within_ts"
  | "sd_between_ts"
  | "samples_ts"
  | "load_ms"
  | "samples_ns"
  | "warmup_ns"
  | "launch_results"
  | "stopped_by"
  | "peak_rss_bytes"
> &
  SustainedColumns;

/** `n` tokens in `ns` nanoseconds. */
export function tokensPerSecond(ns: number, nTokens: number): number {
  return (1e9 * nTokens) / ns;
}

/**
 * The columns of the journal that follow from the samples; a row with one launch should say `single_launch`, since its
 * interval then rests on an assumed spread between launches. Launches without samples (failed ones) don't count.
 *
 * Speeds are averaged as llama-bench does: the mean of each repetition's tokens per second, not tokens over mean time.
 * @param nTokens tokens of one repetition: n_prompt + n_gen, the depth not counted.
 * @param relativeBetweenSd the machine's standard deviation between launches, as a share of the mean, where it is known.
 */
export function summarizeCase(
  launchResults: readonly LaunchResult[],
  nTokens: number,
  relativeBetweenSd?: number,
): MeasuredColumns {
  const launches = launchResults.filter(({ samples_ns: samples }) => samples.length > 0);
  const samplesNs = launches.flatMap((launch) => launch.samples_ns);
  const speeds = launches.map(({ samples_ns: samples }) =>
    samples.map((ns) => tokensPerSecond(ns, nTokens)),
  );
  const summary = summarize(speeds, relativeBetweenSd);
  return {
    launches: summary === null ? null : launches.length,
    repetitions: summary === null ? null : samplesNs.length,
    avg_ns: summary === null ? null : mean(samplesNs),
    stddev_ns: sampleSd(samplesNs),
    avg_ts: summary?.mean ?? null,
    stddev_ts: summary?.sd ?? null,
    median_ts: summary?.median ?? null,
    mad_ts: summary?.mad ?? null,
    min_ts: summary?.min ?? null,
    max_ts: summary?.max ?? null,
    ci95_low_ts: summary?.ci95?.low ?? null,
    ci95_high_ts: summary?.ci95?.high ?? null,
    sd_within_ts: summary?.sdWithin ?? null,
    sd_between_ts: summary?.sdBetween ?? null,
    samples_ts: speeds.flat(),
    load_ms: launches.length === 0 ? null : median(launches.map(({ load_ms: ms }) => ms)),
    samples_ns: samplesNs,
    warmup_ns: launches.flatMap((launch) => launch.warmup_ns),
    launch_results: [...launchResults],
    stopped_by: stoppedBy(launches),
    peak_rss_bytes: peakResident(launches),
    ...sustainedSpeed(launches, nTokens),
  };
}

function peakResident(launches: readonly LaunchResult[]): number | null {
  const peaks = launches.flatMap(({ memory }) => memory?.peak_resident_bytes ?? []);
  return peaks.length === 0 ? null : Math.max(...peaks);
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
function stoppedBy(launches: readonly LaunchResult[]): StopReason | null {
  return byUrgency.find((reason) => launches.some(({ stopped_by: by }) => by === reason)) ?? null;
}
