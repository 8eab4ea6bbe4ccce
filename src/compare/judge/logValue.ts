/** A case's value on the logarithmic scale, with what is known of its error: ratios become differences there. */
import { sampleVariance } from "simple-statistics";
import type { Launch } from "../../bench/launch.ts";
import { ownValues } from "../../bench/metrics.ts";
import type { MeasuredRecord } from "../../bench/record.ts";
import type { Interval, Summary } from "../../bench/summary.ts";
import type { Workload } from "../../bench/workload.ts";
import { assumedBetweenLaunchSd } from "../../statistics/launchSummary.ts";
import { normal95, t95 } from "../../statistics/studentT.ts";

/** llama-bench's default, assumed of figures that don't say how often they were taken. */
const assumedRepetitions = 5;

/** One independent source of error. */
export interface VariancePart {
  /** Variance of the value's logarithm. */
  readonly variance: number;
  /** Degrees of freedom it was estimated with; Infinity for what is taken as known. */
  readonly freedom: number;
}

/** Where an error is known from. */
export type ErrorSource =
  | { readonly kind: "launches"; readonly launches: number }
  | {
      readonly kind: "repetitions";
      readonly repetitions: number;
      /** Relative standard deviation between launches, which one launch can't show. */
      readonly betweenLaunches: number;
    }
  | {
      readonly kind: "mean_and_sd";
      readonly repetitions: number;
      /** Nobody says how many repetitions there were. */
      readonly assumed: boolean;
      readonly betweenLaunches: number;
    }
  /** Seconds per answer, from the errors of several tests. */
  | { readonly kind: "answers" };

export interface Uncertainty {
  readonly parts: readonly VariancePart[];
  /** Variance of one launch's mean, and its repetitions: what more launches would divide; null where nothing would. */
  readonly launch: { readonly variance: number; readonly repetitions: number } | null;
  readonly source: ErrorSource;
}

export interface LogValue {
  /** Logarithm of the mean. */
  readonly log: number;
  /** Null where the case tells no spread. */
  readonly uncertainty: Uncertainty | null;
}

export function logValueOf(record: MeasuredRecord): LogValue {
  const { summary } = record;
  const log = Math.log(summary.mean);
  const uncertainty =
    ofLaunches(record) ?? ofInterval(summary, log) ?? ofSpread(summary) ?? ofOneLaunch(summary);
  return { log, uncertainty };
}

/**
 * Several launches: their means are independent, where repetitions within one are not (Kalibera & Jones, "Rigorous
 * Benchmarking in Reasonable Time", ISMM 2013), so they alone carry the error. The mean over all repetitions weighs each
 * launch by its length, so that launches of different lengths are worth (Σn)² ÷ Σn² of equal ones (Kish, "Survey
 * Sampling", 1965).
 */
function ofLaunches({ launches, workload }: MeasuredRecord): Uncertainty | null {
  if (launches.length < 2) return null;
  const means: number[] = [];
  let [total, squares] = [0, 0];
  for (const launch of launches) {
    const values = valuesOf(launch, workload);
    if (values === null) return null;
    // A launch that failed gave no repetition and doesn't count.
    if (values.length === 0) continue;
    means.push(meanLog(values));
    total += values.length;
    squares += values.length ** 2;
  }
  if (means.length < 2) return null;
  const variance = sampleVariance(means);
  return {
    parts: [{ variance: variance / (total ** 2 / squares), freedom: means.length - 1 }],
    launch: { variance, repetitions: Math.round(total / means.length) },
    source: { kind: "launches", launches: means.length },
  };
}

/** The launch's repetitions in the workload's own metric; null where they aren't known. */
function valuesOf(launch: Launch, workload: Workload): readonly number[] | null {
  switch (launch.kind) {
    case "timed":
      return ownValues(launch, workload);
    case "told":
      return launch.values;
    default:
      return launch satisfies never;
  }
}

function meanLog(values: readonly number[]): number {
  let sum = 0;
  // Not by an array of logarithms: a large comparison asks this hundreds of thousands of times.
  for (const value of values) sum += Math.log(value);
  return sum / values.length;
}

/**
 * Launches whose repetitions a file doesn't tell, as its own interval knows them: Student's t over their means
 * (launchSummary.ts), read back. The row's mean is that of all repetitions, the interval stands around the mean of the
 * launches' means. The two differ by an error of its own, independent of the interval's and seen once: one degree of
 * freedom.
 */
function ofInterval({ launches, ...summary }: Summary, log: number): Uncertainty | null {
  const { ci95, repetitions, values } = summary;
  if (launches === null || launches < 2 || ci95 === null || isCutOff(ci95)) return null;
  if (ci95.low + ci95.high <= 0) return null;
  const centre = (ci95.low + ci95.high) / 2;
  const ofMean = ((ci95.high - ci95.low) / 2 / t95(launches - 1) / centre) ** 2;
  const offset = (log - Math.log(centre)) ** 2;
  const known = ofEqual(launches, ofMean * launches, (repetitions ?? values.length) / launches);
  return { ...known, parts: [...known.parts, { variance: offset, freedom: 1 }] };
}

/** One that would begin below 0 begins there (launchSummary.ts), and no longer tells its centre. */
function isCutOff({ low }: Interval): boolean {
  return low === 0;
}

/** Launches as their standard deviations within and between know them, by the delta method. */
function ofSpread(summary: Summary): Uncertainty | null {
  const { launches, sdBetween, sdWithin, mean, repetitions, values } = summary;
  if (launches === null || launches < 2 || sdBetween === null) return null;
  const each = Math.max(1, (repetitions ?? values.length) / launches);
  const variance = (sdBetween ** 2 + (sdWithin ?? 0) ** 2 / each) / mean ** 2;
  return ofEqual(launches, variance, each);
}

/** @param variance of one launch's mean, on logarithms */
function ofEqual(launches: number, variance: number, each: number): Uncertainty {
  return {
    parts: [{ variance: variance / launches, freedom: launches - 1 }],
    launch: { variance, repetitions: Math.max(1, Math.round(each)) },
    source: { kind: "launches", launches },
  };
}

/** One launch: its repetitions, and the spread between launches that it can't show, taken as known. */
function ofOneLaunch(summary: Summary): Uncertainty | null {
  const betweenLaunches = betweenLaunchSd(summary);
  const within = ofRepetitions(summary, betweenLaunches) ?? ofMeanAndSd(summary, betweenLaunches);
  if (within === null) return null;
  const { variance, repetitions, source } = within;
  const between = betweenLaunches ** 2;
  return {
    parts: [
      { variance: variance / repetitions, freedom: repetitions - 1 },
      { variance: between, freedom: Infinity },
    ],
    launch: { variance: variance / repetitions + between, repetitions },
    source,
  };
}

interface Within {
  /** Variance of one repetition's logarithm. */
  readonly variance: number;
  readonly repetitions: number;
  readonly source: ErrorSource;
}

function ofRepetitions({ values }: Summary, betweenLaunches: number): Within | null {
  const repetitions = values.length;
  if (repetitions < 2) return null;
  const variance = sampleVariance(values.map(Math.log));
  return { variance, repetitions, source: { kind: "repetitions", repetitions, betweenLaunches } };
}

function ofMeanAndSd({ sd, mean, ...summary }: Summary, betweenLaunches: number): Within | null {
  const repetitions = summary.repetitions ?? assumedRepetitions;
  // A single repetition has no spread, and an exact 0 is one that wasn't kept.
  if (sd === null || sd === 0 || repetitions < 2) return null;
  const assumed = summary.repetitions === null;
  return {
    // Delta method: the sd of ln x is sd / mean to first order.
    variance: (sd / mean) ** 2,
    repetitions,
    source: { kind: "mean_and_sd", repetitions, assumed, betweenLaunches },
  };
}

/** Relative; read back from an interval that was widened by the machine's own noise, else the assumed 1%. */
function betweenLaunchSd({ ci95, sd, mean, repetitions: n }: Summary): number {
  if (ci95 === null || sd === null || n === null || n < 2) return assumedBetweenLaunchSd;
  const own = (t95(n - 1) * sd) / Math.sqrt(n);
  const half = isCutOff(ci95) ? ci95.high - mean : (ci95.high - ci95.low) / 2;
  const widened = half ** 2 - own ** 2;
  return widened > 0 ? Math.sqrt(widened) / (normal95 * mean) : assumedBetweenLaunchSd;
}
