/** Three machines and more at the largest model that all of them hold: how fast each is at one test, the fastest first. */
import { groupBy } from "../../base/groupBy.ts";
import { isMeasured, type MeasuredRecord } from "../../bench/record.ts";
import { testName } from "../../bench/workload.ts";
import type { MachineModels } from "../claim.ts";
import type { Machine } from "../machines.ts";
import { counterpartOf, type ModelOnMachine } from "../modelOnMachine.ts";
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

export interface AllHold {
  /** `llama-3-8b q4_k_m`. */
  readonly model: string;
  /** Null where no test of the kind was run by all. */
  readonly rankings: Readonly<Record<Work, Ranking | null>>;
}

/** Null where no model is held by all. */
export function allHold(machines: readonly MachineModels[]): AllHold | null {
  const [first, ...rest] = machines;
  if (first === undefined) return null;
  for (const model of first.models.filter(isHeld).toReversed()) {
    const others = rest.flatMap(({ models }) => counterpartOf(model, models) ?? []).filter(isHeld);
    if (others.length < rest.length) continue;
    const own = [model, ...others];
    const rankings = { generate: rankingOf("generate", own), prompt: rankingOf("prompt", own) };
    if (rankings.generate !== null || rankings.prompt !== null)
      return { model: model.name, rankings };
  }
  return null;
}

/** At the first test of the first machine's that all of them ran. */
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
  const own = machine.cases.filter(
    (record) =>
      record.model.id === model.id &&
      record.model.quantization === model.quantization &&
      record.workload.kind === work &&
      record.workload.parallel === 1 &&
      isOnGpu(record),
  );
  return groupBy(own.filter(isMeasured), ({ workload }) => testName(workload));
}
