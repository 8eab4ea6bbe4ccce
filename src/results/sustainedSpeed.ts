/** What speed a machine holds: the columns of a workload that was repeated for a time (`--sustain`). */
import { chunk, mean } from "simple-statistics";
import { fall } from "../statistics/changePoint.ts";
import type { CaseResult, LaunchResult } from "./caseResult.ts";

export type SustainedColumns = Pick<
  CaseResult,
  | "sustain_s"
  | "burst_ts"
  | "sustained_ts"
  | "sustained_drop"
  | "throttled_at_s"
  | "speed_over_time"
>;

/** The burst: the first 30 s, of a run below a minute and a half its first third. The sustained speed: the last third. */
const longestBurstSeconds = 30;
const third = 1 / 3;

/** Length of the burst in a run of so many seconds. */
export function burstSeconds(sustainSeconds: number): number {
  return Math.min(longestBurstSeconds, sustainSeconds * third);
}

/** Points that a picture shows. */
const mostPoints = 240;

const nothing: SustainedColumns = {
  sustain_s: null,
  burst_ts: null,
  sustained_ts: null,
  sustained_drop: null,
  throttled_at_s: null,
  speed_over_time: [],
};

/**
 * Of the launch that was repeated for a time; all unknown where none was.
 * @param nTokens tokens of one repetition
 */
export function sustainedSpeed(
  launches: readonly LaunchResult[],
  nTokens: number,
): SustainedColumns {
  const launch = launches.find(({ stopped_by: by }) => by === "sustain");
  if (launch?.started_ns === undefined) return nothing;
  const starts = launch.started_ns.map((ns) => ns / 1e9);
  const speeds = launch.samples_ns.map((ns) => (1e9 * nTokens) / ns);
  const seconds = (starts.at(-1) ?? 0) + (launch.samples_ns.at(-1) ?? 0) / 1e9;
  const burstEnd = burstSeconds(seconds);
  const sustainedFrom = Math.min(seconds * (1 - third), starts.at(-1) ?? 0);
  const between = (from: number, to: number) =>
    mean(speeds.filter((_, i) => (starts[i] ?? 0) >= from && (starts[i] ?? 0) < to));
  const burst = between(0, burstEnd);
  const sustained = between(sustainedFrom, Infinity);
  const step = fall(speeds);
  return {
    sustain_s: seconds,
    burst_ts: burst,
    sustained_ts: sustained,
    sustained_drop: 1 - sustained / burst,
    throttled_at_s: step === null ? null : (starts[step.index] ?? null),
    speed_over_time: points(starts, speeds),
  };
}

/** Samples in a row averaged, so that a picture can show them all. */
function points(starts: readonly number[], speeds: readonly number[]): [number, number][] {
  const size = Math.max(1, Math.ceil(speeds.length / mostPoints));
  return chunk([...speeds], size).map((part, i) => [starts[i * size] ?? 0, mean(part)]);
}
