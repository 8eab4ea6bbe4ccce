/** Token generation that two machines both ran: what a claim about them owes to speed. */
import { machineOn, type Pair } from "./comparison.ts";
import { jointWinners } from "./judge/together.ts";
import { groundOf, isBySpeed } from "./judge/verdict.ts";
import type { Machine } from "./machines.ts";
import { modelName } from "./modelNames.ts";
import { isGeneration } from "./workloads.ts";

/** Two machines, of which the first is said to win. */
interface Claimed {
  readonly subject: Machine;
  readonly against: Machine;
}

export interface RanOnBoth {
  readonly pairs: readonly Pair[];
  /** Those at which the machine that is said to win is surely faster, and those at which the other is. */
  readonly won: readonly Pair[];
  readonly lost: readonly Pair[];
}

export function ranOnBoth(
  all: readonly Pair[],
  { subject, against }: Claimed,
  practical: number,
): RanOnBoth {
  const pairs = generationsOnBoth(all, { subject, against });
  const winners = winnersOf(pairs, practical);
  return {
    pairs,
    won: pairs.filter((_, i) => winners[i] === subject),
    lost: pairs.filter((_, i) => winners[i] === against),
  };
}

/** The largest model that both ran decides where memory doesn't, if it is large for either. */
export type LargestOnBoth =
  | { readonly kind: "none" }
  | {
      readonly kind: "pairs";
      /** All of that model. */
      readonly pairs: readonly Pair[];
      /** Null where neither is clearly the faster. */
      readonly winner: Machine | null;
      readonly size: "large" | "small_for_both" | "no_budget_known";
    };

export function largestOnBoth(
  all: readonly Pair[],
  machines: Claimed,
  practical: number,
): LargestOnBoth {
  const both = generationsOnBoth(all, machines);
  const [first] = both;
  if (first === undefined) return { kind: "none" };
  const top = both.reduce((a, b) => ((b.bytes ?? 0) > (a.bytes ?? 0) ? b : a), first);
  const isTop = ({ model }: Pair) => modelName(model) === modelName(top.model);
  // One family with the sentence about speeds, so that the two can't part.
  const winners = winnersOf(both, practical);
  const found = new Set(both.flatMap((pair, i) => (isTop(pair) ? [winners[i] ?? null] : [])));
  const [winner = null] = found.size === 1 ? found : [];
  return { kind: "pairs", pairs: both.filter(isTop), winner, size: sizeOf(top, machines) };
}

function winnersOf(pairs: readonly Pair[], practical: number): (Machine | null)[] {
  const winners = jointWinners(
    pairs.map(({ verdict }) => verdict),
    practical,
  );
  return pairs.map((pair, i) => machineOn(pair, winners[i] ?? null));
}

/** Generations that both ran on their GPUs; against a machine that has none, wherever it ran them. */
function generationsOnBoth(pairs: readonly Pair[], { subject, against }: Claimed): Pair[] {
  const noGpu = subject.backend === "cpu" || against.backend === "cpu";
  return pairs.filter(
    (pair) =>
      isGeneration(pair) && (isBySpeed(pair) || (noGpu && groundOf(pair.verdict) === "processors")),
  );
}

/** Large is more than half of the smaller budget. */
function sizeOf({ bytes }: Pair, { subject, against }: Claimed) {
  const budgets = [subject, against].flatMap(({ gpuBudgetBytes }) => gpuBudgetBytes ?? []);
  if (budgets.length === 0) return "no_budget_known";
  return (bytes ?? 0) > Math.min(...budgets) / 2 ? "large" : "small_for_both";
}
