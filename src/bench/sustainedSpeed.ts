/** What speed a machine holds, of a workload that was repeated for a time (`--sustain`). */
import { chunk, mean } from "simple-statistics";
import { fall } from "../statistics/changePoint.ts";
import type { TimedLaunch } from "./launch.ts";
import { metrics, ownValues, type Better } from "./metrics.ts";
import type { Sustained } from "./summary.ts";
import { ownMetric, type Workload } from "./workload.ts";

/** The burst: the first 30 s, of a run below a minute and a half its first third. The sustained speed: the last third. */
const longestBurstSeconds = 30;
const third = 1 / 3;

/** Length of the burst in a run of so many seconds. */
export function burstSeconds(sustainSeconds: number): number {
  return Math.min(longestBurstSeconds, sustainSeconds * third);
}

/** Points that a picture shows. */
const mostPoints = 240;

/** Of the launch that was repeated for a time; null where none was, or nothing is known of the workload. */
export function sustainedSpeed(
  launches: readonly TimedLaunch[],
  workload: Workload,
): Sustained | null {
  const metric = ownMetric(workload);
  const launch = launches.find(({ stoppedBy }) => stoppedBy === "sustain");
  if (metric === null || !launch?.startedNs) return null;
  const { better } = metrics[metric];
  const starts = launch.startedNs.map((ns) => ns / 1e9);
  const values = ownValues(launch, workload) ?? [];
  const seconds = (starts.at(-1) ?? 0) + (launch.samplesNs.at(-1) ?? 0) / 1e9;
  const burstEnd = burstSeconds(seconds);
  const sustainedFrom = Math.min(seconds * (1 - third), starts.at(-1) ?? 0);
  const between = (from: number, to: number) =>
    mean(values.filter((_, i) => (starts[i] ?? 0) >= from && (starts[i] ?? 0) < to));
  const burst = between(0, burstEnd);
  const held = between(sustainedFrom, Infinity);
  const step = fall(values.map((value) => asSpeed[better](value)));
  return {
    seconds,
    burst,
    held,
    drop: 1 - asSpeed[better](held) / asSpeed[better](burst),
    throttledAtSeconds: step === null ? null : (starts[step.index] ?? null),
    points: points(starts, values),
  };
}

/** What falls where a machine slows. */
const asSpeed = {
  higher: (value: number) => value,
  lower: (value: number) => 1 / value,
} as const satisfies Record<Better, (value: number) => number>;

/** Samples in a row averaged, so that a picture can show them all. */
function points(starts: readonly number[], values: readonly number[]): [number, number][] {
  const size = Math.max(1, Math.ceil(values.length / mostPoints));
  return chunk([...values], size).map((part, i) => [starts[i * size] ?? 0, mean(part)]);
}
