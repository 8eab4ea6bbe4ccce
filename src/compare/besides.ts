/** Cases that another of the same machine, model, quantization and test was compared in place of, and how they differ. */
import type { MetricName } from "../bench/workload.ts";
import type { CaseRecord } from "../bench/record.ts";
import { sideNames, type Pair } from "./comparison.ts";
import { differencesOf, type Difference } from "./judge/differences.ts";
import type { Machine } from "./machines.ts";

export interface BesideCase {
  readonly machine: Machine;
  readonly record: CaseRecord;
  /** That its test is judged by. */
  readonly metric: MetricName;
  /** The compared case's value first. */
  readonly differences: readonly Difference[];
}

export function besideCases(pair: Pair): BesideCase[] {
  return sideNames.flatMap((side) => {
    const { machine, record: compared } = pair[side];
    return pair.besides[side].map((record) => ({
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
