/** The model at which memory decides: some of the machines hold it on their GPUs, and others don't. */
import type { MachineModels } from "../claim.ts";
import {
  counterpartOf,
  generationSpeed,
  isBeyondGpu,
  measuredWork,
  type ModelOnMachine,
} from "../modelOnMachine.ts";
import type { Machine } from "../machines.ts";
import { isOnGpu } from "../processors.ts";

export interface HeldBySome {
  /** The model as the first of its holders has it. */
  readonly model: ModelOnMachine;
  /** Those that ran it on their GPUs, in the machines' order. */
  readonly holders: readonly ModelOnMachine[];
  readonly others: readonly NotHeld[];
}

/** A machine that is known not to hold the model on its GPU, or that ran it with layers on the CPU and nothing else. */
export interface NotHeld {
  readonly machine: Machine;
  /** Whether memory is known to be the reason. */
  readonly isRefused: boolean;
  /** What it did with the model all the same; null where its file has nothing measured. */
  readonly ran: ModelOnMachine | null;
}

/**
 * The largest that its holders generate with fast enough to use; where none is so fast, the largest.
 * @param usable t/s of token generation
 */
export function heldBySome(machines: readonly MachineModels[], usable: number): HeldBySome | null {
  const found = machines
    .flatMap(({ models }) => models.filter(isHeld))
    .toSorted((a, b) => bytesOf(b) - bytesOf(a))
    .flatMap((model) => heldOrNot(model, machines));
  return found.find(({ holders }) => holders.some(isUsable(usable))) ?? found[0] ?? null;
}

function bytesOf({ weightsBytes }: ModelOnMachine): number {
  return weightsBytes ?? 0;
}

/** Whether it was measured there, wholly on the GPU. */
export function isHeld(model: ModelOnMachine): boolean {
  return model.onGpu === "yes" && measuredWork(model).length > 0;
}

function isUsable(usable: number) {
  return (model: ModelOnMachine) => generationSpeed(model) >= usable;
}

/** Empty where all hold it, as far as is known. */
function heldOrNot(model: ModelOnMachine, machines: readonly MachineModels[]): HeldBySome[] {
  const holders: ModelOnMachine[] = [];
  const others: NotHeld[] = [];
  for (const { machine, models } of machines) {
    const own = counterpartOf(model, models);
    if (own !== undefined && isHeld(own)) holders.push(own);
    else others.push(...notHeld(machine, model, own));
  }
  return others.length === 0 ? [] : [{ model, holders, others }];
}

/** Empty where nothing tells that the machine doesn't hold it. */
function notHeld(
  machine: Machine,
  model: ModelOnMachine,
  own: ModelOnMachine | undefined,
): NotHeld[] {
  if (own === undefined)
    return isTooLarge(model, machine) ? [{ machine, isRefused: true, ran: null }] : [];
  const ran = measuredWork(own).length > 0 ? own : null;
  if (isBeyondGpu(own)) return [{ machine, isRefused: true, ran }];
  return ranBesideCpu(own) ? [{ machine, isRefused: false, ran }] : [];
}

/** The best that it did had layers on the CPU, though a GPU is there; whether that was for want of memory nobody says. */
function ranBesideCpu(model: ModelOnMachine): boolean {
  const records = measuredWork(model);
  return model.onGpu === null && records.length > 0 && !records.some(isOnGpu);
}

/** Whether its bytes alone are too many, where the machine's file has no case of the model. */
function isTooLarge({ neededBytes }: ModelOnMachine, { gpuBudgetBytes }: Machine): boolean {
  return neededBytes !== null && gpuBudgetBytes !== null && neededBytes > gpuBudgetBytes;
}
