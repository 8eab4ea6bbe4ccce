/** Each machine's place in each group of bars: all of them, in the same order everywhere. */
import { groupBy } from "../../base/groupBy.ts";
import type { Pair } from "../../compare/comparison.ts";
import type { Machine } from "../../compare/machines.ts";
import { modelName } from "../../compare/work.ts";

export interface Slot {
  readonly machine: Machine;
  /** Of the group: of the machine itself where it has a row. */
  readonly pair: Pair;
  /** The machine's side of the pair; null where it has no row. */
  readonly at: 0 | 1 | null;
}

/** Of one test's pairs, by model and quantization. The baseline stands in several pairs and gets one place. */
export function slotsOf(
  pairs: readonly Pair[],
  machines: readonly Machine[],
): ReadonlyMap<string, readonly Slot[]> {
  const groups = groupBy(pairs, ({ model, quantization }) => modelName(model, quantization));
  return new Map(
    [...groups].map(([name, own]) => [name, machines.flatMap((machine) => slotOf(own, machine))]),
  );
}

function slotOf(own: readonly Pair[], machine: Machine): Slot[] {
  const [first] = own;
  if (first === undefined) return [];
  if (first.machines[0].label === machine.label) return [{ machine, pair: first, at: 0 }];
  const pair = own.find(({ machines: [, other] }) => other.label === machine.label);
  return [{ machine, pair: pair ?? first, at: pair === undefined ? null : 1 }];
}
