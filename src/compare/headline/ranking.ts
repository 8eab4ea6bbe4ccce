/** Three machines and more at the model that most of them hold: how fast each is at one test, the fastest first. */
import { groupBy } from "../../base/groupBy.ts";
import { isMeasured, type MeasuredRecord } from "../../bench/record.ts";
import { testName } from "../../bench/workload.ts";
import type { MachineModels } from "../claim.ts";
import type { Machine } from "../machines.ts";
import { casesOf, counterpartOf, type ModelOnMachine } from "../modelOnMachine.ts";
import { isOnGpu } from "../processors.ts";
import type { Work } from "./bothHold.ts";
import { isHeld } from "./heldBySome.ts";

export interface Placed {
  readonly machine: Machine;
  /** t/s */
  readonly speed: number;
}

export interface Ranking {
  readonly test: string;
  /** The fastest first. */
  readonly placed: readonly Placed[];
}

export interface MostHold {
  /** `llama-3-8b q4_k_m`. */
  readonly model: string;
  /** Null where no test of the kind was run by all that hold it. */
  readonly rankings: Readonly<Record<Work, Ranking | null>>;
  /** On those that hold it, in the machines' order. */
  readonly holders: readonly ModelOnMachine[];
  /** Those that have nothing measured of it on their GPUs. */
  readonly without: readonly Machine[];
}

/** The model that most of the machines hold, the largest of several; null where none is held by two. */
export function mostHold(machines: readonly MachineModels[]): MostHold | null {
  const shapes = new Map(
    machines.flatMap(({ models }) => models.filter(isHeld)).map((model) => [model.shape, model]),
  );
  const candidates = [...shapes.values()]
    .map((model) => holdersOf(model, machines))
    .filter((holders) => holders.length > 1)
    .toSorted((a, b) => b.length - a.length || bytesOf(b) - bytesOf(a));
  for (const holders of candidates) {
    const rankings = {
      generate: rankingOf("generate", holders),
      prompt: rankingOf("prompt", holders),
    };
    if (rankings.generate !== null || rankings.prompt !== null)
      return rankedOf(holders, rankings, machines);
  }
  return null;
}

function rankedOf(
  holders: readonly ModelOnMachine[],
  rankings: MostHold["rankings"],
  machines: readonly MachineModels[],
): MostHold {
  const holding = new Set(holders.map(({ machine }) => machine));
  const without = machines.map(({ machine }) => machine).filter((one) => !holding.has(one));
  return { model: holders[0]?.name ?? "", rankings, holders, without };
}

function holdersOf(model: ModelOnMachine, machines: readonly MachineModels[]): ModelOnMachine[] {
  return machines.flatMap(({ models }) => {
    const own = counterpartOf(model, models);
    return own !== undefined && isHeld(own) ? [own] : [];
  });
}

function bytesOf(holders: readonly ModelOnMachine[]): number {
  return Math.max(...holders.map(({ weightsBytes }) => weightsBytes ?? 0));
}

/** At the first test of the first of them that all of them ran. */
function rankingOf(work: Work, models: readonly ModelOnMachine[]): Ranking | null {
  const tests = models.map((model) => testsOf(work, model));
  const [first, ...rest] = tests;
  const test = [...(first?.keys() ?? [])].find((name) => rest.every((own) => own.has(name)));
  if (test === undefined) return null;
  const placed = models.map(({ machine }, i) => {
    const records = tests[i]?.get(test) ?? [];
    return { machine, speed: Math.max(...records.map(({ summary }) => summary.mean)) };
  });
  return { test, placed: placed.toSorted((a, b) => b.speed - a.speed) };
}

function testsOf(
  work: Work,
  { machine, model }: ModelOnMachine,
): ReadonlyMap<string, readonly MeasuredRecord[]> {
  const own = casesOf({ machine, model }).filter(
    (record) => record.workload.kind === work && record.workload.parallel === 1 && isOnGpu(record),
  );
  return groupBy(own.filter(isMeasured), ({ workload }) => testName(workload));
}
