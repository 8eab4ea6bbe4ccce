/** What a case's samples warn of. All of it can be worked out again from the journal. */
import { max, median, min } from "simple-statistics";
import { twoGroups } from "../statistics/bimodality.ts";
import { outliers } from "../statistics/outliers.ts";
import { trend } from "../statistics/trend.ts";
import type { TimedLaunch } from "./launch.ts";
import { warning, type Warning } from "./warnings.ts";

/** A repetition below a millisecond lets the clock's own cost, about a microsecond with both readings, exceed 0.1%. */
const shortestRepetitionNs = 1e6;

/** A first repetition slower than the others' median by more than this share was not warm. */
const slowFirstShare = 0.05;

/** Samples nearer to the median than this share of it move nobody's result. */
const outlyingShare = 0.01;

/** Drift is said where it is beyond chance and moves the result by more than this share from first to last. */
const driftProbability = 0.01;
const driftShare = 0.02;

type Launches = readonly Pick<TimedLaunch, "samplesNs" | "stoppedBy">[];

/** Each with its detail in numbers. */
export function sampleWarnings(launches: Launches): Warning[] {
  // Of a speed that was watched over time, change is the result and no flaw.
  const sampled = launches.filter(
    ({ samplesNs: samples, stoppedBy: by }) => samples.length > 0 && by !== "sustain",
  );
  const samples = sampled.map((launch) => launch.samplesNs);
  return [
    ...slowFirst(samples),
    ...outlying(samples),
    ...drifting(samples),
    ...falling(samples.flat()),
    ...wide(sampled),
    ...short(samples.flat()),
  ];
}

function slowFirst(launches: readonly (readonly number[])[]): Warning[] {
  const slow = launches.filter(([first, ...others]) => {
    if (first === undefined || others.length < 2) return false;
    // Beyond the others by as much as they scatter, or a noisy machine would be told that it is cold.
    const [low, high] = [min(others), max(others)];
    return first > median(others) * (1 + slowFirstShare) && first - high > high - low;
  });
  return slow.length > launches.length / 2 ? [warning("slow_first_repetition")] : [];
}

function outlying(launches: readonly (readonly number[])[]): Warning[] {
  const count = launches.reduce((sum, samples) => sum + farOutliers(samples), 0);
  const total = launches.flat().length;
  return count === 0 ? [] : [warning("outliers", `${count} of ${total}`)];
}

function farOutliers(samples: readonly number[]): number {
  const apart = outliers(samples).map((index) => samples[index] ?? 0);
  if (apart.length === 0) return 0;
  const centre = median([...samples]);
  return apart.filter((sample) => Math.abs(sample / centre - 1) > outlyingShare).length;
}

function drifting(launches: readonly (readonly number[])[]): Warning[] {
  const { p, slope } = trend(launches);
  const longest = Math.max(0, ...launches.map((samples) => samples.length));
  const all = launches.flat();
  if (slope === null || all.length === 0) return [];
  const change = (slope * (longest - 1)) / median(all);
  return p < driftProbability && Math.abs(change) > driftShare
    ? [warning("drift", `${change > 0 ? "slower" : "faster"} by ${percent(change)}`)]
    : [];
}

function falling(samples: readonly number[]): Warning[] {
  const groups = twoGroups(samples);
  return groups === null
    ? []
    : [warning("bimodal", `${percent(groups.high / groups.low - 1)} apart`)];
}

/** `-r auto` ended before its interval was narrow enough. */
function wide(launches: Launches): Warning[] {
  return launches.some(({ stoppedBy: by }) => by === "max_time" || by === "max_repetitions")
    ? [warning("wide_interval")]
    : [];
}

function short(samples: readonly number[]): Warning[] {
  return samples.length > 0 && median([...samples]) < shortestRepetitionNs
    ? [warning("short_repetitions")]
    : [];
}

function percent(share: number): string {
  return `${(Math.abs(share) * 100).toFixed(1)}%`;
}
