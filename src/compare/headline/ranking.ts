/** Three machines and more at the model that most of them hold: how fast each is at one test, the fastest first. */
import { groupBy } from "../../base/groupBy.ts";
import { isMeasured, type MeasuredRecord } from "../../bench/record.ts";
import { testName } from "../../bench/workload.ts";
import type { MachineModels } from "../claim.ts";
import type { Machine } from "../machines.ts";
import { casesOf, counterpartOf, type ModelOnMachine } from "../modelOnMachine.ts";
import { isOnGpu } from "../processors.ts";
import { works, type Work } from "./bothHold.ts";
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
  /** The model on each machine that holds it and ran one test, in the machines' order. */
  readonly holders: readonly ModelOnMachine[];
  /** The others: they ran other tests, or have nothing measured of it on their GPUs. */
  readonly without: readonly Machine[];
}

/**
 * The model that most of the machines ran in one test, the largest of several; null where no two did. One that was only
 * read with counts where no two wrote with any.
 */
export function mostHold(machines: readonly MachineModels[]): MostHold | null {
  return mostOf(machines, isHeldWriting) ?? mostOf(machines, isHeld);
}

function isHeldWriting(model: ModelOnMachine): boolean {
  return isHeld(model) && model.generations.length > 0;
}

type Counts = (model: ModelOnMachine) => boolean;

function mostOf(machines: readonly MachineModels[], counts: Counts): MostHold | null {
  const shapes = new Map(
    machines.flatMap(({ models }) => models.filter(counts)).map((model) => [model.shape, model]),
  );
  const [found] = [...shapes.values()]
    .map((model) => inOneTest(holdersOf(model, machines, counts)))
    .filter((holders) => holders.length > 1)
    .toSorted((a, b) => b.length - a.length || bytesOf(b) - bytesOf(a));
  if (found === undefined) return null;
  const holding = new Set(found.map(({ machine }) => machine));
  return {
    model: found[0]?.name ?? "",
    rankings: { generate: rankingOf("generate", found), prompt: rankingOf("prompt", found) },
    holders: found,
    without: machines.map(({ machine }) => machine).filter((one) => !holding.has(one)),
  };
}

/** Those that ran the test which most of them ran: of writing before one of reading, and the first of several. */
function inOneTest(models: readonly ModelOnMachine[]): readonly ModelOnMachine[] {
  const groups = works.flatMap((work) => {
    const ran = models.flatMap((model) =>
      Array.from(testsOf(work, model).keys(), (test) => ({ model, test })),
    );
    return Array.from(groupBy(ran, ({ test }) => test).values());
  });
  const most = groups.reduce((a, b) => (b.length > a.length ? b : a), []);
  return most.map(({ model }) => model);
}

function holdersOf(
  model: ModelOnMachine,
  machines: readonly MachineModels[],
  counts: Counts,
): ModelOnMachine[] {
  return machines.flatMap(({ models }) => {
    const own = counterpartOf(model, models);
    return own !== undefined && counts(own) ? [own] : [];
  });
}

function bytesOf(holders: readonly ModelOnMachine[]): number {
  return Math.max(...holders.map(({ weightsBytes }) => weightsBytes ?? 0));
}

/** Ranks them at the first test of the first one that all of them ran. */
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
