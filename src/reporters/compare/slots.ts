/** Each machine's place in each group of bars: all of them, in the same order everywhere. */
import { groupBy } from "../../base/groupBy.ts";
import type { Pair } from "../../compare/comparison.ts";
import type { SideName } from "../../compare/judge/decision.ts";
import type { Machine } from "../../compare/machines.ts";
import { modelName } from "../../compare/modelNames.ts";

export interface Slot {
  readonly machine: Machine;
  /** A pair of the group; the machine's own where it has a case. */
  readonly pair: Pair;
  /** The machine's side of the pair; null where it has no case. */
  readonly side: SideName | null;
}

/** The places of one test's pairs, by model and quantization. The baseline stands in several pairs and gets one place. */
export function slotsOf(
  pairs: readonly Pair[],
  machines: readonly Machine[],
): ReadonlyMap<string, readonly Slot[]> {
  const groups = groupBy(pairs, ({ model }) => modelName(model));
  return new Map(
    [...groups].map(([name, own]) => [name, machines.flatMap((machine) => slotOf(own, machine))]),
  );
}

function slotOf(own: readonly Pair[], machine: Machine): Slot[] {
  const [first] = own;
  if (first === undefined) return [];
  if (first.baseline.machine.label === machine.label)
    return [{ machine, pair: first, side: "baseline" }];
  const pair = own.find(({ other }) => other.machine.label === machine.label);
  return [{ machine, pair: pair ?? first, side: pair === undefined ? null : "other" }];
}
