/**
 * What follows from several cases: a row a metric, with its unit, which direction is better, and its value. What one launch
 * tells is beside them, in metrics.ts.
 */
import type { NonEmpty } from "./launch.ts";
import { metrics, type Better } from "./metrics.ts";
import type { MeasuredRecord } from "./record.ts";

interface DerivedMetric {
  /** `times`: a ratio of two values; `share`: what of the whole there is, from 0 to 1. */
  readonly unit: "times" | "share";
  readonly better: Better;
  /** Of cases that are measured in one metric; null where they don't tell it. */
  of(records: NonEmpty<MeasuredRecord>): number | null;
}

export const derivedMetrics = {
  /** How many times as good the last case is as the first, in their metric's direction. */
  speed_up: {
    unit: "times",
    better: "higher",
    of: ([first, ...others]) => gain(first, others.at(-1) ?? first),
  },
  /** What of the speed at the shallowest depth is left at the deepest; cases of one length, the best of each depth counts. */
  kept_at_depth: {
    unit: "share",
    better: "higher",
    of(records) {
      const [low, high] = [bestAt(Math.min, records), bestAt(Math.max, records)];
      return low.workload.depth === high.workload.depth ? null : gain(low, high);
    },
  },
} as const satisfies Readonly<Record<string, DerivedMetric>>;

/** Null of a metric that isn't known, and of two metrics. */
function gain(from: MeasuredRecord, to: MeasuredRecord): number | null {
  const { metric } = from.summary;
  if (metric === null || to.summary.metric !== metric) return null;
  const ratio = to.summary.mean / from.summary.mean;
  return metrics[metric].better === "higher" ? ratio : 1 / ratio;
}

/** The best case of the depth that `choose` takes. */
function bestAt(
  choose: (...depths: number[]) => number,
  records: NonEmpty<MeasuredRecord>,
): MeasuredRecord {
  const depth = choose(...records.map(({ workload }) => workload.depth));
  return records.reduce((best, record) => {
    if (record.workload.depth !== depth) return best;
    return best.workload.depth !== depth || (gain(best, record) ?? 0) > 1 ? record : best;
  });
}
