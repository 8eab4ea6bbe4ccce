/** The summary of a case that was measured in one or several launches. */
import { mean, sampleVariance } from "simple-statistics";
import { pooledVariance } from "./pooledScatter.ts";
import { type Spread, sampleSd, spread } from "./spread.ts";
import { normal95, t95 } from "./studentT.ts";

/**
 * Relative standard deviation between launches of one case on one machine, assumed where it wasn't measured.
 * Conservative: 0.2% to 1% were seen on machines at rest.
 */
export const assumedBetweenLaunchSd = 0.01;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What an interval rests on: the launches' own spread, or one launch's repetitions and an assumed spread of launches. */
export type IntervalBasis = "launches" | "single_launch";

/** All in the unit of the samples. */
export interface LaunchSummary extends Spread {
  /** Standard deviation of repetitions within a launch, pooled; null where no launch has two. */
  readonly sdWithin: number | null;
  /** Standard deviation of the launches' true speeds, what repetitions scatter taken out; null for one launch. */
  readonly sdBetween: number | null;
  /** 95% interval of the mean over launches, never below 0; null for a single sample. */
  readonly ci95: Interval | null;
  readonly basis: IntervalBasis;
}

/**
 * Variance between launches: that of the launches' means, less what the repetitions' scatter adds to it
 * (Kalibera & Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013: T² of the top level).
 * The estimate can fall below zero, which means that no difference between launches is seen.
 */
function varianceBetween(launches: readonly (readonly number[])[], within: number | null): number {
  const means = launches.map((samples) => mean([...samples]));
  const scatter = (within ?? 0) * mean(launches.map((samples) => 1 / samples.length));
  return Math.max(0, sampleVariance(means) - scatter);
}

/** Nothing that is measured here is below 0: an interval that would begin there begins at 0, and covers the truth as often. */
function around(centre: number, halfWidth: number): Interval {
  return { low: Math.max(0, centre - halfWidth), high: centre + halfWidth };
}

/**
 * 95% interval of the mean over launches: Student's t over the launches' means, which are independent where the
 * repetitions within a launch are not (Kalibera & Jones 2013: the highest level alone decides the width).
 */
function intervalOverLaunches(launches: readonly (readonly number[])[]): Interval {
  const means = launches.map((samples) => mean([...samples]));
  const error = Math.sqrt(sampleVariance(means) / means.length);
  return around(mean(means), t95(means.length - 1) * error);
}

/**
 * The interval that one launch allows: Student's t over its repetitions, and the spread of launches that it can't
 * show, taken as known and normal. Independent errors add in squares.
 */
function intervalOfOneLaunch(samples: readonly number[], betweenSd: number): Interval | null {
  const sd = sampleSd(samples);
  if (sd === null) return null;
  const centre = mean([...samples]);
  const ofRepetitions = (t95(samples.length - 1) * sd) / Math.sqrt(samples.length);
  return around(centre, Math.hypot(ofRepetitions, normal95 * betweenSd * centre));
}

/**
 * Summary of the samples of each launch; launches without samples don't count. Null for no samples at all.
 * `relativeBetweenSd` is the machine's standard deviation between launches, as a share of the mean: used for one launch.
 */
export function summarize(
  launches: readonly (readonly number[])[],
  relativeBetweenSd = assumedBetweenLaunchSd,
): LaunchSummary | null {
  const sampled = launches.filter((samples) => samples.length > 0);
  const whole = spread(sampled.flat());
  const [first] = sampled;
  if (whole === null || first === undefined) return null;
  const within = pooledVariance(sampled)?.variance ?? null;
  const several = sampled.length > 1;
  return {
    ...whole,
    sdWithin: within === null ? null : Math.sqrt(within),
    sdBetween: several ? Math.sqrt(varianceBetween(sampled, within)) : null,
    ci95: several ? intervalOverLaunches(sampled) : intervalOfOneLaunch(first, relativeBetweenSd),
    basis: several ? "launches" : "single_launch",
  };
}
