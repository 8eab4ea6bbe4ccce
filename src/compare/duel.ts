/** Two machines at the models that only one of them holds on its GPU: the facts behind "wins for big-model inference". */
import type { Pair } from "./comparison.ts";
import { counterpartOf, speedOf } from "./holding.ts";
import type { Holding } from "./holding.ts";
import type { Machine } from "./machines.ts";
import { machineOn, modelName, workOf } from "./work.ts";

export interface Duelist {
  readonly machine: Machine;
  readonly holdings: readonly Holding[];
}

/** What one ran on its GPU, and the other is known not to hold on its own. */
export interface Lead {
  /** Fast enough to use. */
  readonly won: readonly Holding[];
  readonly tooSlow: readonly Holding[];
  /** The other is faster all the same, with layers on the CPU. */
  readonly outrun: readonly Holding[];
}

export interface Duel {
  /** The one that is said to win: the Mac where just one is, else the one with the larger GPU budget. */
  readonly claimant: Duelist;
  readonly rival: Duelist;
  readonly pairs: readonly Pair[];
  /** Of the claimant. */
  readonly lead: Lead;
  readonly rivalLead: Lead;
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
  return {
    claimant,
    rival,
    pairs,
    lead: leadOf(claimant, rival, pairs, usable),
    rivalLead: leadOf(rival, claimant, pairs, usable),
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

function leadOf(mine: Duelist, theirs: Duelist, pairs: readonly Pair[], usable: number): Lead {
  const only = mine.holdings.filter(
    (holding) =>
      holding.onGpu === "yes" && holding.generations.length > 0 && refuses(theirs, holding),
  );
  const faster = wonElsewhere(theirs.machine, pairs);
  const inTime = only.filter(({ name }) => !faster.has(name));
  return {
    won: inTime.filter((holding) => speedOf(holding) >= usable),
    tooSlow: inTime.filter((holding) => speedOf(holding) < usable),
    outrun: only.filter(({ name }) => faster.has(name)),
  };
}

/** What a machine generates with faster than the other one, that has it on its GPU; by the names of both. */
function wonElsewhere(machine: Machine, pairs: readonly Pair[]): Set<string> {
  const won = pairs.filter(
    (pair) =>
      pair.verdict === "only_one_on_gpu" &&
      workOf(pair) === "tg" &&
      machineOn(pair, pair.winner) === machine,
  );
  return new Set(
    won.flatMap(({ sides }) =>
      sides.map(({ row: { model, quantization } }) => modelName(model, quantization)),
    ),
  );
}

function heldByNeither(claimant: Duelist, rival: Duelist): Holding[] {
  return claimant.holdings.filter((holding) => isRefused(holding.onGpu) && refuses(rival, holding));
}

/** Whether it is known not to hold that on its GPU. */
function refuses({ holdings }: Duelist, holding: Holding): boolean {
  return isRefused(counterpartOf(holding, holdings)?.onGpu ?? null);
}

/** A machine without a GPU refuses nothing. */
function isRefused(onGpu: Holding["onGpu"]): boolean {
  return onGpu === "no" || onGpu === "small_context";
}
