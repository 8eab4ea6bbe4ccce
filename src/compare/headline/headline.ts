/** What a reader of a comparison sees first: who wins what all hold, what only some hold, and what the figures rest on. */
import { getOrMake } from "../../base/getOrMake.ts";
import { claimOf, type Claim, type MachineModels } from "../claim.ts";
import { comparedMachines, type Comparison } from "../comparison.ts";
import type { Machine } from "../machines.ts";
import { modelsOn } from "../modelOnMachine.ts";
import { bothHold, type BothHold } from "./bothHold.ts";
import { heldBySome, type HeldBySome } from "./heldBySome.ts";
import { allHold, type AllHold } from "./ranking.ts";
import { standsOf, type PredictOffload, type Stands } from "./stands.ts";
import { answerOf, useNames, type Use, type UseAnswer } from "./uses.ts";

export interface Headline {
  /** With the cases of the models that are compared. */
  readonly machines: readonly Machine[];
  /** Of two machines who is faster; of more how fast each is. Null where they hold nothing in common. */
  readonly shared:
    | ({ readonly kind: "both" } & BothHold)
    | ({ readonly kind: "all" } & AllHold)
    | null;
  /** Null where all hold the same models, as far as is known. */
  readonly alone: Alone | null;
  /** "This machine wins for big-model inference", of two machines; null where nobody makes the claim or nothing tests it. */
  readonly claim: Claim | null;
}

export interface Alone extends Stands {
  readonly answers: Readonly<Record<Use, UseAnswer>>;
}

export function headlineOf(comparison: Comparison, predict: PredictOffload): Headline {
  const { pairs, options } = comparison;
  const machines = machineModels(comparison);
  const held = heldBySome(machines, options.usable);
  return {
    machines: machines.map(({ machine }) => machine),
    shared: sharedOf(comparison, machines),
    alone: held === null ? null : aloneOf(held, predict),
    claim: machines.length === 2 && pairs.length > 0 ? claimOfTwo(machines, pairs, options) : null,
  };
}

/** What the prediction is needed of: asked beforehand, where answering takes its time. */
export function decisiveModel(comparison: Comparison): HeldBySome | null {
  return heldBySome(machineModels(comparison), comparison.options.usable);
}

const known = new WeakMap<Comparison, readonly MachineModels[]>();

/** Asked for the prediction first, and then for the answer: of large files it takes its time. */
function machineModels(comparison: Comparison): readonly MachineModels[] {
  return getOrMake(known, comparison, () =>
    comparedMachines(comparison).map((machine) => ({ machine, models: modelsOn(machine) })),
  );
}

function sharedOf(
  { pairs, options }: Comparison,
  machines: readonly MachineModels[],
): Headline["shared"] {
  if (machines.length > 2) {
    const all = allHold(machines);
    return all === null ? null : { kind: "all", ...all };
  }
  const both = bothHold(pairs, options.practical);
  return both === null ? null : { kind: "both", ...both };
}

function aloneOf(held: HeldBySome, predict: PredictOffload): Alone {
  const stands = standsOf(held, predict);
  const answers = Object.fromEntries(useNames.map((use) => [use, answerOf(use, stands)])) as Record<
    Use,
    UseAnswer
  >;
  return { ...stands, answers };
}

function claimOfTwo(
  [a, b]: readonly MachineModels[],
  pairs: Comparison["pairs"],
  options: Comparison["options"],
): Claim | null {
  return a === undefined || b === undefined ? null : claimOf(pairs, [a, b], options);
}
