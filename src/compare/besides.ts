/** Cases that another of the same machine, model, quantization and test was compared in place of, and how they differ. */
import type { MetricName } from "../bench/workload.ts";
import type { CaseRecord } from "../bench/record.ts";
import { sideNames, type Pair } from "./comparison.ts";
import { differencesOf, type Difference } from "./judge/differences.ts";
import type { Machine } from "./machines.ts";

export interface BesideCase {
  readonly machine: Machine;
  readonly record: CaseRecord;
  /** The metric that its test is judged by. */
  readonly metric: MetricName;
  /** The compared case's value first. */
  readonly differences: readonly Difference[];
}

const none: readonly BesideCase[] = [];

export function besideCases(pair: Pair): readonly BesideCase[] {
  const { besides } = pair;
  // Most pairs have none, and a large comparison asks this hundreds of thousands of times.
  if (besides.baseline.length === 0 && besides.other.length === 0) return none;
  return sideNames.flatMap((side) => {
    const { machine, record: compared } = pair[side];
    return besides[side].map((record) => ({
      machine,
      record,
      metric: pair.metric,
      // Builds of unknown distance are a reason to doubt a ratio, and don't tell one case from another.
      differences: differencesOf(compared, record).filter(
        ({ baseline, other }) => baseline !== other,
      ),
    }));
  });
}
