/** Whether the data support "this machine wins for big-model inference", and what speaks for and against it. */
import { machineOn, sideNames, type Pair } from "./comparison.ts";
import { groundOf, winnerOf } from "./judge/verdict.ts";
import type { Machine } from "./machines.ts";
import { modelName } from "./modelNames.ts";
import {
  counterpartOf,
  generationSpeed,
  isBeyondGpu,
  type ModelOnMachine,
} from "./modelOnMachine.ts";
import { largestOnBoth, ranOnBoth, type LargestOnBoth, type RanOnBoth } from "./ranOnBoth.ts";
import { isGeneration } from "./workloads.ts";

export interface MachineModels {
  readonly machine: Machine;
  readonly models: readonly ModelOnMachine[];
}

/** What one machine ran on its GPU, and the other is known not to hold on its own. */
export interface HeldAlone {
  /** Fast enough to use. */
  readonly usable: readonly ModelOnMachine[];
  readonly tooSlow: readonly ModelOnMachine[];
  /** The other machine is faster all the same, with layers on the CPU. */
  readonly slower: readonly ModelOnMachine[];
  /** Measured reading and not writing, by which the claim is judged. */
  readonly onlyRead: readonly ModelOnMachine[];
}

/** How far the data bear the claim out. */
export type ClaimAnswer =
  /** The other machine alone holds models, and uses them. */
  | { readonly kind: "refuted" }
  /** So do both, each its own. */
  | { readonly kind: "divided" }
  | { readonly kind: "supported"; readonly both: RanOnBoth }
  /** What the machine alone holds, the other runs faster. */
  | { readonly kind: "slower" }
  /** What the machine alone holds is too slow to use. */
  | { readonly kind: "too_slow" }
  /** What one of them alone holds was never measured writing, and nothing was on both. */
  | { readonly kind: "not_written" }
  /** Memory doesn't tell the two apart. */
  | { readonly kind: "by_speed"; readonly largest: LargestOnBoth };

export interface Claim {
  /** The one that is said to win: the Mac where just one is, else the one with the larger GPU budget. */
  readonly subject: MachineModels;
  readonly against: MachineModels;
  /** What the subject alone holds. */
  readonly alone: HeldAlone;
  readonly othersAlone: HeldAlone;
  /** What neither holds on its GPU, as the subject did it. */
  readonly neither: readonly ModelOnMachine[];
  readonly answer: ClaimAnswer;
}

export interface ClaimOptions {
  readonly practical: number;
  /** t/s below which a model is too slow to use. */
  readonly usable: number;
}

/** Null where neither has more memory than the other, so that nobody makes the claim. */
export function claimOf(
  pairs: readonly Pair[],
  machines: readonly [MachineModels, MachineModels],
  options: ClaimOptions,
): Claim | null {
  const order = inOrder(...machines);
  if (order === null) return null;
  const [subject, against] = order;
  const alone = heldAlone(subject, against, pairs, options.usable);
  const othersAlone = heldAlone(against, subject, pairs, options.usable);
  return {
    subject,
    against,
    alone,
    othersAlone,
    neither: heldByNeither(subject, against),
    answer: answerOf({ subject, against, alone, othersAlone }, pairs, options),
  };
}

function inOrder(a: MachineModels, b: MachineModels): [MachineModels, MachineModels] | null {
  const [macA, macB] = [a.machine.backend === "metal", b.machine.backend === "metal"];
  if (macA !== macB) return macA ? [a, b] : [b, a];
  const [budgetA, budgetB] = [a.machine.gpuBudgetBytes ?? 0, b.machine.gpuBudgetBytes ?? 0];
  if (budgetA === budgetB) return null;
  return budgetA > budgetB ? [a, b] : [b, a];
}

type Facts = Pick<Claim, "subject" | "against" | "alone" | "othersAlone">;

function answerOf(facts: Facts, pairs: readonly Pair[], { practical }: ClaimOptions): ClaimAnswer {
  const { subject, against, alone, othersAlone } = facts;
  const machines = { subject: subject.machine, against: against.machine };
  if (othersAlone.usable.length > 0)
    return { kind: alone.usable.length === 0 ? "refuted" : "divided" };
  if (alone.usable.length > 0)
    return { kind: "supported", both: ranOnBoth(pairs, machines, practical) };
  if (alone.slower.length > 0) return { kind: "slower" };
  if (alone.tooSlow.length > 0) return { kind: "too_slow" };
  const largest = largestOnBoth(pairs, machines, practical);
  const onlyRead = [...alone.onlyRead, ...othersAlone.onlyRead];
  return largest.kind === "none" && onlyRead.length > 0
    ? { kind: "not_written" }
    : { kind: "by_speed", largest };
}

function heldAlone(
  own: MachineModels,
  other: MachineModels,
  pairs: readonly Pair[],
  usable: number,
): HeldAlone {
  const held = own.models.filter((model) => model.onGpu === "yes" && refuses(other, model));
  const alone = held.filter(({ generations }) => generations.length > 0);
  const slower = fasterOffGpu(other.machine, pairs);
  const ahead = alone.filter(({ name }) => !slower.has(name));
  return {
    usable: ahead.filter((model) => generationSpeed(model) >= usable),
    tooSlow: ahead.filter((model) => generationSpeed(model) < usable),
    slower: alone.filter(({ name }) => slower.has(name)),
    onlyRead: held.filter(
      ({ generations, prompts }) => generations.length === 0 && prompts.length > 0,
    ),
  };
}

/** What a machine generates with faster than the other one, that has it on its GPU; by the names of both. */
function fasterOffGpu(machine: Machine, pairs: readonly Pair[]): Set<string> {
  const won = pairs.filter(
    (pair) =>
      groundOf(pair.verdict) === "processors" &&
      isGeneration(pair) &&
      machineOn(pair, winnerOf(pair.verdict)) === machine,
  );
  return new Set(
    won.flatMap((pair) => sideNames.map((side) => modelName(pair[side].record.model))),
  );
}

function heldByNeither(subject: MachineModels, against: MachineModels): ModelOnMachine[] {
  return subject.models.filter((model) => isBeyondGpu(model) && refuses(against, model));
}

/** Whether it is known not to hold that on its GPU. */
function refuses({ models }: MachineModels, model: ModelOnMachine): boolean {
  const counterpart = counterpartOf(model, models);
  return counterpart !== undefined && isBeyondGpu(counterpart);
}
