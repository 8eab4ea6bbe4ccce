/** Two machines at the models that only one of them holds on its GPU: the facts behind "wins for big-model inference". */
import type { Pair } from "./comparison.ts";
import { speedOf } from "./holding.ts";
import type { Holding } from "./holding.ts";
import type { Machine } from "./machines.ts";

export interface Duelist {
  readonly machine: Machine;
  readonly holdings: readonly Holding[];
}

export interface Duel {
  /** The one that is said to win: the Mac where just one is, else the one with the larger GPU budget. */
  readonly claimant: Duelist;
  readonly rival: Duelist;
  readonly pairs: readonly Pair[];
  /** What the claimant ran on its GPU, fast enough to use, and the rival is known not to hold on its own. */
  readonly alone: readonly Holding[];
  /** The same, below what is usable. */
  readonly aloneTooSlow: readonly Holding[];
  /** What the rival ran on its GPU and the claimant doesn't hold. */
  readonly rivalAlone: readonly Holding[];
  /** What neither holds on its GPU, as the claimant did it. */
  readonly neither: readonly Holding[];
}

/** Null where neither has more memory than the other, so that nobody makes the claim. */
export function duelOf(
  pairs: readonly Pair[],
  [baseline, other]: readonly [Duelist, Duelist],
  usable: number,
): Duel | null {
  const order = inOrder(baseline, other);
  if (order === null) return null;
  const [claimant, rival] = order;
  const only = heldOnlyBy(claimant, rival);
  return {
    claimant,
    rival,
    pairs,
    alone: only.filter((holding) => speedOf(holding) >= usable),
    aloneTooSlow: only.filter((holding) => speedOf(holding) < usable),
    rivalAlone: heldOnlyBy(rival, claimant),
    neither: heldByNeither(claimant, rival),
  };
}

function inOrder(a: Duelist, b: Duelist): [claimant: Duelist, rival: Duelist] | null {
  const [macA, macB] = [a.machine.backend === "metal", b.machine.backend === "metal"];
  if (macA !== macB) return macA ? [a, b] : [b, a];
  const [budgetA, budgetB] = [a.machine.gpuBudgetBytes ?? 0, b.machine.gpuBudgetBytes ?? 0];
  if (budgetA === budgetB) return null;
  return budgetA > budgetB ? [a, b] : [b, a];
}

function heldOnlyBy(mine: Duelist, theirs: Duelist): Holding[] {
  const missing = refused(theirs);
  return mine.holdings.filter(
    ({ onGpu, generations, name }) =>
      onGpu === "yes" && generations.length > 0 && missing.has(name),
  );
}

function heldByNeither(claimant: Duelist, rival: Duelist): Holding[] {
  const missing = refused(rival);
  return claimant.holdings.filter(({ onGpu, name }) => isRefused(onGpu) && missing.has(name));
}

/** Names of what is known not to be held on its GPU. */
function refused({ holdings }: Duelist): Set<string> {
  return new Set(holdings.flatMap(({ onGpu, name }) => (isRefused(onGpu) ? name : [])));
}

function isRefused(onGpu: Holding["onGpu"]): boolean {
  return onGpu !== null && onGpu !== "yes";
}
