/** What other boxes bring to a machine: what it does with the devices that they lend, beside what it does alone. */
import { mean } from "simple-statistics";
import type { MeasuredRecord } from "../../bench/record.ts";
import { testName } from "../../bench/workload.ts";
import { lendersOf, type Machine } from "../machines.ts";
import { modelsOn, type ModelOnMachine } from "../modelOnMachine.ts";
import type { Work } from "./bothHold.ts";
import type { Range } from "./stands.ts";

export interface Boxes {
  readonly alone: Machine;
  readonly together: Machine;
  /** Machines that lend, at least one. */
  readonly lenders: number;
  /** What both ran; null where they ran nothing alike. */
  readonly both: {
    /** `llama-3-8b q4_k_m`, smallest first. */
    readonly models: readonly string[];
    /** Speed together over speed alone, lowest and highest of all tests; null for work that not both did. */
    readonly gains: Readonly<Record<Work, Range | null>>;
    readonly tests: number;
    /** Of those the ones whose spread leaves open which is faster: both sides' 95% intervals overlap. */
    readonly open: number;
  } | null;
  /** The largest that ran together and not alone, and beside it the largest that ran alone; null where there is none. */
  readonly more: {
    readonly model: ModelOnMachine;
    readonly beside: ModelOnMachine | null;
  } | null;
}

/** Of each machine that stands beside the same one with others. */
export function boxesOf(machines: readonly Machine[]): Boxes[] {
  return machines.flatMap((together) => {
    const lenders = lendersOf(together.cases);
    const alone = machines.find((one) => lendersOf(one.cases) === 0 && leads(one, together));
    return lenders === 0 || alone === undefined ? [] : [compared(alone, together, lenders)];
  });
}

/** Rows of several machines have their names joined by `+`, the one that led first. */
function leads(alone: Machine, together: Machine): boolean {
  return nameOf(together).startsWith(`${nameOf(alone)}+`);
}

/** As its rows call it: labels count equal names. */
function nameOf({ cases, label }: Machine): string {
  return cases[0]?.machine.name ?? label;
}

function compared(alone: Machine, together: Machine, lenders: number): Boxes {
  const own = modelsOn(alone).filter(ran);
  const byName = new Map(own.map((model) => [model.name, model]));
  const theirs = modelsOn(together).filter(ran);
  const shared = theirs.flatMap((model) => {
    const same = byName.get(model.name);
    return same === undefined ? [] : [{ name: model.name, model, same }];
  });
  const gains = {
    generate: gainsOf(shared, ({ generations }) => generations),
    prompt: gainsOf(shared, ({ prompts }) => prompts),
  };
  const all = [...gains.generate, ...gains.prompt];
  const more = theirs.findLast(({ name }) => !byName.has(name));
  return {
    alone,
    together,
    lenders,
    both:
      shared.length === 0
        ? null
        : {
            models: shared.map(({ name }) => name),
            gains: { generate: rangeOf(gains.generate), prompt: rangeOf(gains.prompt) },
            tests: all.length,
            open: all.filter(({ isOpen }) => isOpen).length,
          },
    more: more === undefined ? null : { model: more, beside: own.at(-1) ?? null },
  };
}

function ran({ generations, prompts }: ModelOnMachine): boolean {
  return generations.length + prompts.length > 0;
}

interface Gain {
  readonly ratio: number;
  readonly isOpen: boolean;
}

function gainsOf(
  shared: readonly { readonly model: ModelOnMachine; readonly same: ModelOnMachine }[],
  recordsOf: (model: ModelOnMachine) => readonly MeasuredRecord[],
): Gain[] {
  return shared.flatMap(({ model, same }) =>
    recordsOf(model).flatMap(({ summary, workload }) => {
      const alike = recordsOf(same).filter((one) => testName(one.workload) === testName(workload));
      if (alike.length === 0) return [];
      return {
        ratio: summary.mean / mean(alike.map((one) => one.summary.mean)),
        isOpen: alike.some((one) => overlap(one.summary.ci95, summary.ci95)),
      };
    }),
  );
}

function overlap(one: Range | null, other: Range | null): boolean {
  return one !== null && other !== null && one.low <= other.high && other.low <= one.high;
}

function rangeOf(gains: readonly Gain[]): Range | null {
  const ratios = gains.map(({ ratio }) => ratio);
  return ratios.length === 0 ? null : { low: Math.min(...ratios), high: Math.max(...ratios) };
}
