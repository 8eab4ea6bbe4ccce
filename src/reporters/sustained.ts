/** What a case that was repeated for a time (`--sustain`) says. */
import { formatDuration } from "../base/duration.ts";
import { unitOf } from "../bench/metrics.ts";
import { summaryOf, type CaseRecord } from "../bench/record.ts";
import type { Sustained } from "../bench/summary.ts";
import { burstSeconds } from "../bench/sustainedSpeed.ts";
import { formatSpeed, plain } from "./format.ts";

/** Less than this share is scatter, and no drop. */
const leastDrop = 0.01;

/** `50.20 t/s in the first 30 s, 31.10 t/s in the last third of 10 min (38% less), fallen at a step after 2 min 22 s`; null without it. */
export function sustainedText(record: CaseRecord): string | null {
  const sustained = sustainedOf(record);
  if (sustained === null) return null;
  const { seconds, burst, held, drop, throttledAtSeconds: step } = sustained;
  const unit = plain(unitOf(record.workload));
  if (burst === null || held === null || drop === null) return null;
  return [
    `${formatSpeed(burst)} ${unit} in the first ${formatDuration(burstSeconds(seconds))}`,
    `${formatSpeed(held)} ${unit} in the last third of ${formatDuration(seconds)} (${changeText(drop)})`,
    ...(step === null ? [] : [`fallen at a step after ${formatDuration(step)}`]),
  ].join(", ");
}

export function sustainedOf(record: CaseRecord): Sustained | null {
  return summaryOf(record)?.sustained ?? null;
}

function changeText(drop: number): string {
  if (Math.abs(drop) < leastDrop) return "it holds";
  return `${Math.round(100 * Math.abs(drop))}% ${drop > 0 ? "less" : "more"}`;
}
