/** What speed a machine holds, of a workload that was repeated for a time (`--sustain`). */
import { chunk, mean } from "simple-statistics";
import { fall } from "../statistics/changePoint.ts";
import type { TimedLaunch } from "./launch.ts";
import { tokensPerSecond } from "./metrics.ts";
import type { Sustained } from "./summary.ts";

/** The burst: the first 30 s, of a run below a minute and a half its first third. The sustained speed: the last third. */
const longestBurstSeconds = 30;
const third = 1 / 3;

/** Length of the burst in a run of so many seconds. */
export function burstSeconds(sustainSeconds: number): number {
  return Math.min(longestBurstSeconds, sustainSeconds * third);
}

/** Points that a picture shows. */
const mostPoints = 240;

/**
 * Of the launch that was repeated for a time; null where none was.
 * @param nTokens tokens of one repetition
 */
export function sustainedSpeed(
  launches: readonly TimedLaunch[],
  nTokens: number,
): Sustained | null {
  const launch = launches.find(({ stoppedBy }) => stoppedBy === "sustain");
  if (!launch?.startedNs) return null;
  const starts = launch.startedNs.map((ns) => ns / 1e9);
  const speeds = launch.samplesNs.map((ns) => tokensPerSecond(ns, nTokens));
  const seconds = (starts.at(-1) ?? 0) + (launch.samplesNs.at(-1) ?? 0) / 1e9;
  const burstEnd = burstSeconds(seconds);
  const sustainedFrom = Math.min(seconds * (1 - third), starts.at(-1) ?? 0);
  const between = (from: number, to: number) =>
    mean(speeds.filter((_, i) => (starts[i] ?? 0) >= from && (starts[i] ?? 0) < to));
  const burst = between(0, burstEnd);
  const held = between(sustainedFrom, Infinity);
  const step = fall(speeds);
  return {
    seconds,
    burst,
    held,
    drop: 1 - held / burst,
    throttledAtSeconds: step === null ? null : (starts[step.index] ?? null),
    points: points(starts, speeds),
  };
}

/** Samples in a row averaged, so that a picture can show them all. */
function points(starts: readonly number[], speeds: readonly number[]): [number, number][] {
  const size = Math.max(1, Math.ceil(speeds.length / mostPoints));
  return chunk([...speeds], size).map((part, i) => [starts[i * size] ?? 0, mean(part)]);
}
