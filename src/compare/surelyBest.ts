/** Who wins one test among all machines of a comparison, whichever of them is the baseline. */
import type { Pair, PairSide } from "./comparison.ts";
import { betterSide, type MeasuredSide } from "./judge/decision.ts";
import { judge, winnerOf, type VerdictOptions } from "./judge/verdict.ts";
import type { Machine } from "./machines.ts";

type MeasuredMachine = MeasuredSide & Pick<PairSide, "machine">;

/** The baseline's side and each other's; null where one of them wasn't measured. @param pairs of one model and test */
export function measuredSides(pairs: readonly Pair[]): readonly MeasuredMachine[] | null {
  const sides = [...pairs.slice(0, 1).map(({ baseline }) => baseline), ...pairs.map(otherOf)];
  const measured = sides.filter(isMeasuredSide);
  return measured.length < sides.length ? null : measured;
}

function otherOf({ other }: Pair): PairSide {
  return other;
}

function isMeasuredSide(side: PairSide): side is PairSide & MeasuredMachine {
  return side.value !== null;
}

/** The machine that beats each other one by the rule of the pairs; null where none does. */
export function surelyBest(
  sides: readonly MeasuredMachine[],
  { better }: Pick<Pair, "better">,
  options: VerdictOptions,
): Machine | null {
  const [first, ...rest] = sides;
  if (first === undefined) return null;
  const best = rest.reduce(
    (a, b) => (betterSide(b.value.log - a.value.log, better) === "other" ? b : a),
    first,
  );
  const beats = (other: MeasuredMachine) =>
    winnerOf(judge({ baseline: best, other, better }, options).verdict) === "baseline";
  return sides.every((side) => side === best || beats(side)) ? best.machine : null;
}
