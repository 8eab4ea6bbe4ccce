/** What a reader of a comparison sees first: who wins what all hold, what only some hold, and what the figures rest on. */
import { getOrMake } from "../../base/getOrMake.ts";
import type { CaseRecord } from "../../bench/record.ts";
import { isOfMachine } from "../../bench/workload.ts";
import { claimOf, type Claim, type MachineModels } from "../claim.ts";
import type { Comparison } from "../comparison.ts";
import type { Machine } from "../machines.ts";
import { casesOf, modelsOn } from "../modelOnMachine.ts";
import { bothHold, type BothHold } from "./bothHold.ts";
import { boxesOf, type Boxes } from "./boxes.ts";
import { heldBySome, type HeldBySome } from "./heldBySome.ts";
import { mostHold, type MostHold } from "./ranking.ts";
import { sharedModels } from "./sharedModels.ts";
import { standsOf, type PredictOffload, type Stands } from "./stands.ts";
import { answerOf, useNames, type Use, type UseAnswer } from "./uses.ts";

export interface Headline {
  /** The machines, with the cases alone that the answer rests on. */
  readonly machines: readonly Machine[];
  /** What other boxes bring to a machine that is there alone, too. */
  readonly boxes: readonly Boxes[];
  /** Who of two machines is faster, or how fast each of several is. Null where they hold nothing in common. */
  readonly shared:
    | ({ readonly kind: "both" } & BothHold)
    | ({ readonly kind: "most" } & MostHold)
    | null;
  /** Null where all hold the same models, as far as is known. */
  readonly alone: Alone | null;
  /** "This machine wins for big-model inference", of two machines; null where nobody makes the claim or nothing tests it. */
  readonly claim: Claim | null;
}

export interface Alone extends Stands {
  readonly answers: Readonly<Record<Use, UseAnswer>>;
}

/** The answer about models: what machines do without one answers nothing yet. */
export function headlineOf(whole: Comparison, predict: PredictOffload): Headline {
  const comparison = ofModels(whole);
  const { pairs, options } = comparison;
  const machines = machineModels(comparison);
  const held = heldBySome(machines, options.usable);
  const shared = sharedOf(comparison, machines);
  const alone = held === null ? null : aloneOf(held, predict);
  const boxes = boxesOf(comparison.machines);
  // Nobody claims of a machine that it wins over itself with another.
  const claim =
    machines.length === 2 && pairs.length > 0 && boxes.length === 0
      ? claimOfTwo(machines, pairs, options)
      : null;
  const told = toldCases({ shared, alone }, pairs);
  return {
    machines: comparison.machines.map((machine) =>
      withCases(
        machine,
        machine.cases.filter((record) => told.has(record)),
      ),
    ),
    boxes,
    shared,
    alone,
    claim,
  };
}

function ofModels(comparison: Comparison): Comparison {
  const pairs = comparison.pairs.filter(({ workload }) => !isOfMachine(workload));
  return pairs.length === comparison.pairs.length ? comparison : { ...comparison, pairs };
}

function withCases(machine: Machine, cases: readonly CaseRecord[]): Machine {
  return { ...machine, cases };
}

/** Where neither a shared model nor one of some machines alone is told, all that is paired speaks. */
function toldCases(
  { shared, alone }: Pick<Headline, "shared" | "alone">,
  pairs: Comparison["pairs"],
): ReadonlySet<CaseRecord> {
  const heldBy = shared?.kind === "most" ? shared.holders : [];
  const models = [...heldBy, ...(alone?.measured ?? [])];
  const ofBoth = shared?.kind === "both" ? shared.pairs : [];
  const compared = models.length === 0 && ofBoth.length === 0 ? pairs : ofBoth;
  return new Set([
    ...models.flatMap(casesOf),
    ...compared.flatMap(({ baseline, other }) => [baseline.record, other.record]),
  ]);
}

/** What the prediction is needed of: asked beforehand, where answering takes its time. */
export function decisiveModel(comparison: Comparison): HeldBySome | null {
  return heldBySome(machineModels(comparison), comparison.options.usable);
}

const known = new WeakMap<Comparison, readonly MachineModels[]>();

/** Asked for the prediction first, and then for the answer: of large files it takes its time. */
function machineModels(comparison: Comparison): readonly MachineModels[] {
  return getOrMake(known, comparison, () => {
    const isShared = sharedModels(comparison);
    return comparison.machines.map((machine) => ({
      machine,
      models: modelsOn(machine).filter(({ model }) => isShared(model.id)),
    }));
  });
}

function sharedOf(
  { pairs, options }: Comparison,
  machines: readonly MachineModels[],
): Headline["shared"] {
  if (machines.length > 2) {
    const most = mostHold(machines);
    return most === null ? null : { kind: "most", ...most };
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
