/** A row's speed on the logarithmic scale, with what is known of its error: ratios become differences there. */
import { mean, sampleVariance } from "simple-statistics";
import type { CaseRow } from "../results/caseResult.ts";
import { assumedBetweenLaunchSd } from "../statistics/launchSummary.ts";
import { normal95 } from "../statistics/studentT.ts";
import { criticalT } from "./criticalT.ts";

/** llama-bench's default, assumed of figures that don't say how often they were taken. */
const assumedRepetitions = 5;

/** One independent source of error. */
interface VariancePart {
  /** Of ln(t/s). */
  readonly variance: number;
  /** Degrees of freedom it was estimated with; Infinity for what is taken as known. */
  readonly freedom: number;
}

export interface LogSpeed {
  /** ln(avg_ts). */
  readonly log: number;
  /** Errors of the mean; null where the row tells no spread. */
  readonly parts: readonly VariancePart[] | null;
  /** Variance of one launch's mean, and its repetitions: what more launches would divide. */
  readonly launch: { readonly variance: number; readonly repetitions: number } | null;
  /** What the spread rests on, in words. */
  readonly basis: string;
}

/** Null where nothing was measured. */
export function logSpeedOf(row: CaseRow): LogSpeed | null {
  if (row.status !== "measured" || row.avg_ts === null || row.avg_ts <= 0) return null;
  const log = Math.log(row.avg_ts);
  return (
    ofEqualLaunches(row, log) ??
    ofInterval(row, log) ??
    ofSpread(row, log) ??
    ofOneLaunch(row, log) ?? { log, parts: null, launch: null, basis: "no spread" }
  );
}

/**
 * Several launches: their means are independent, where repetitions within one are not (Kalibera & Jones, "Rigorous
 * Benchmarking in Reasonable Time", ISMM 2013), so they alone carry the error. Samples stand launch after launch, and how
 * many each has the CSV doesn't state: equally many, unless the row's own interval says otherwise.
 */
function ofEqualLaunches(row: CaseRow, log: number): LogSpeed | null {
  const launches = row.launches ?? 1;
  const samples = row.samples_ts;
  const each = samples.length / launches;
  if (launches < 2 || samples.length === 0 || !Number.isInteger(each)) return null;
  if (!isInterval(row, launchMeans(samples, each))) return null;
  const variance = sampleVariance(launchMeans(samples.map(Math.log), each));
  return ofLaunches(log, launches, variance, each);
}

/** Numbers read back from a CSV are those that were written, to the last digits. */
const sameNumbers = 1e-9;

/** Whether these launches' means give the row's interval; true where it has none. */
function isInterval({ ci95_low_ts: low, ci95_high_ts: high }: CaseRow, means: number[]): boolean {
  if (low === null || high === null) return true;
  const half = criticalT(means.length - 1) * Math.sqrt(sampleVariance(means) / means.length);
  const centre = mean(means);
  return [low - (centre - half), high - (centre + half)].every(
    (difference) => Math.abs(difference) <= sameNumbers * centre,
  );
}

/**
 * Launches of different lengths (`-r auto`) as the row's own interval knows them: Student's t over their means
 * (launchSummary.ts), read back. avg_ts is the mean of all repetitions, the interval stands around the mean of the
 * launches' means. The two differ by an error of its own, independent of the interval's and seen once: one degree of
 * freedom.
 */
function ofInterval(row: CaseRow, log: number): LogSpeed | null {
  const { ci95_low_ts: low, ci95_high_ts: high, repetitions } = row;
  const launches = row.launches ?? 1;
  if (launches < 2 || low === null || high === null || low + high <= 0) return null;
  const centre = (low + high) / 2;
  const ofMean = ((high - low) / 2 / criticalT(launches - 1) / centre) ** 2;
  const offset = (log - Math.log(centre)) ** 2;
  const each = (repetitions ?? row.samples_ts.length) / launches;
  const known = ofLaunches(log, launches, ofMean * launches, each);
  return { ...known, parts: [...(known.parts ?? []), { variance: offset, freedom: 1 }] };
}

/** The same from the sd within and between launches, by the delta method. */
function ofSpread(row: CaseRow, log: number): LogSpeed | null {
  const launches = row.launches ?? 1;
  if (launches < 2 || row.sd_between_ts === null || row.avg_ts === null) return null;
  const each = Math.max(1, (row.repetitions ?? row.samples_ts.length) / launches);
  const within = row.sd_within_ts ?? 0;
  const variance = (row.sd_between_ts ** 2 + within ** 2 / each) / row.avg_ts ** 2;
  return ofLaunches(log, launches, variance, each);
}

/** @param variance of one launch's mean, on logs */
function ofLaunches(log: number, launches: number, variance: number, each: number): LogSpeed {
  return {
    log,
    parts: [{ variance: variance / launches, freedom: launches - 1 }],
    launch: { variance, repetitions: Math.max(1, Math.round(each)) },
    basis: `${launches} launches`,
  };
}

function launchMeans(samples: readonly number[], each: number): number[] {
  const means: number[] = [];
  // Not by slices: a large comparison asks this hundreds of thousands of times.
  for (let start = 0; start < samples.length; start += each) {
    let sum = 0;
    for (let at = start; at < start + each; at++) sum += samples[at] ?? 0;
    means.push(sum / each);
  }
  return means;
}

/** One launch: its repetitions, and the spread between launches that it can't show, taken as known. */
function ofOneLaunch(row: CaseRow, log: number): LogSpeed | null {
  const within = varianceWithin(row);
  if (within === null) return null;
  const between = betweenLaunchSd(row) ** 2;
  const { variance, n, basis } = within;
  return {
    log,
    parts: [
      { variance: variance / n, freedom: n - 1 },
      { variance: between, freedom: Infinity },
    ],
    launch: { variance: variance / n + between, repetitions: n },
    basis: `${basis} and ${+(Math.sqrt(between) * 100).toFixed(2)}% between launches`,
  };
}

function varianceWithin(row: CaseRow): { variance: number; n: number; basis: string } | null {
  const { samples_ts: samples, stddev_ts: sd, avg_ts: average } = row;
  if (samples.length > 1) {
    const n = samples.length;
    return {
      variance: sampleVariance(samples.map(Math.log)),
      n,
      basis: `${n} repetitions`,
    };
  }
  const n = row.repetitions ?? assumedRepetitions;
  // A single repetition has no spread, and an exact 0 is one that wasn't kept.
  if (sd === null || sd === 0 || average === null || n < 2) return null;
  const basis =
    row.repetitions === null
      ? `mean and sd of ${n} assumed repetitions`
      : `mean and sd of ${n} repetitions`;
  // Delta method: the sd of ln x is sd / mean to first order.
  return { variance: (sd / average) ** 2, n, basis };
}

/** Relative; read back from an interval that was widened by the machine's own noise, else the assumed 1%. */
function betweenLaunchSd(row: CaseRow): number {
  const {
    ci95_low_ts: low,
    ci95_high_ts: high,
    stddev_ts: sd,
    avg_ts: average,
    repetitions: n,
  } = row;
  if (low === null || high === null || sd === null || average === null || n === null || n < 2)
    return assumedBetweenLaunchSd;
  const ofRepetitions = (criticalT(n - 1) * sd) / Math.sqrt(n);
  const widened = ((high - low) / 2) ** 2 - ofRepetitions ** 2;
  return widened > 0 ? Math.sqrt(widened) / (normal95 * average) : assumedBetweenLaunchSd;
}
