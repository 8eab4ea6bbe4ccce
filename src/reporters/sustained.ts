/** What a case that was repeated for a time (`--sustain`) says. */
import { formatDuration } from "../base/duration.ts";
import type { ReportedCase } from "../results/caseResult.ts";
import { burstSeconds } from "../results/sustainedSpeed.ts";
import { formatSpeed } from "./format.ts";

type Sustained = Pick<
  ReportedCase,
  "sustain_s" | "burst_ts" | "sustained_ts" | "sustained_drop" | "throttled_at_s"
>;

/** Less than this share is scatter, and no drop. */
const leastDrop = 0.01;

/** `50.20 t/s in the first 30 s, 31.10 t/s in the last third of 10 min (38% less), fallen at a step after 2 min 22 s`; null without it. */
export function sustainedText(result: Sustained): string | null {
  const { sustain_s: seconds, burst_ts: burst, sustained_ts: held, sustained_drop: drop } = result;
  if (seconds === null || burst === null || held === null || drop === null) return null;
  const { throttled_at_s: step } = result;
  return [
    `${formatSpeed(burst)} t/s in the first ${formatDuration(burstSeconds(seconds))}`,
    `${formatSpeed(held)} t/s in the last third of ${formatDuration(seconds)} (${changeText(drop)})`,
    ...(step === null ? [] : [`fallen at a step after ${formatDuration(step)}`]),
  ].join(", ");
}

function changeText(drop: number): string {
  if (Math.abs(drop) < leastDrop) return "it holds";
  return `${Math.round(100 * Math.abs(drop))}% ${drop > 0 ? "less" : "more"}`;
}
