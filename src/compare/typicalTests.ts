/** The test of each kind of workload that says most: the one that most pairs ran. */
import { groupBy } from "../base/groupBy.ts";
import { knownKinds, type KnownKind, type MetricName } from "../bench/workload.ts";
import type { Pair } from "./comparison.ts";
import { ratioOf } from "./judge/verdict.ts";
import { metricOf } from "./workloads.ts";

export interface TypicalTest {
  readonly kind: KnownKind;
  readonly test: string;
  readonly metric: MetricName;
  readonly pairs: readonly Pair[];
}

/** The typical test of each kind, in the order of the kinds; the first one where as many pairs ran another. */
export function typicalTests(pairs: readonly Pair[]): TypicalTest[] {
  return knownKinds.flatMap((kind) => {
    const own = pairs.filter(({ workload }) => workload.kind === kind);
    const [first, ...rest] = [...groupBy(own, ({ test }) => test)];
    if (first === undefined) return [];
    const [test, chosen] = rest.reduce(
      (best, next) => (ran(next[1]) > ran(best[1]) ? next : best),
      first,
    );
    return [{ kind, test, metric: metricOf(kind), pairs: chosen }];
  });
}

function ran(pairs: readonly Pair[]): number {
  return pairs.filter(({ verdict }) => ratioOf(verdict) !== null).length;
}
