/** A comparison in a few lines: of each model and kind of work the span over all tests, machine by machine. */
import { metrics } from "../../bench/metrics.ts";
import { groupBy } from "../../base/groupBy.ts";
import { knownKinds } from "../../bench/workload.ts";
import { sideNames, type Pair, type PairSide } from "../../compare/comparison.ts";
import { ratioOf } from "../../compare/judge/verdict.ts";
import type { Machine } from "../../compare/machines.ts";
import { modelName } from "../../compare/modelNames.ts";
import { processorsOf } from "../../compare/processors.ts";
import { plain } from "../format.ts";
import { whyNoCase } from "./whyNoBar.ts";
import { extent, rangeText } from "./words/phrases.ts";

export interface OverviewRow {
  readonly model: string;
  /** `tg512 to tg8192`, or the one test. */
  readonly tests: string;
  readonly unit: string;
  /** One a machine, in their order. */
  readonly cells: readonly OverviewCell[];
}

export interface OverviewCell {
  readonly machine: Machine;
  /** `36.1–50.7`; `not on its GPU`. */
  readonly text: string;
  readonly measured: boolean;
  /** Of the machine's value over the baseline's; null for the baseline, and where they aren't both known. */
  readonly ratio: string | null;
}

/** By model, small ones first; within a model as kinds are told. */
export function overviewOf(pairs: readonly Pair[], machines: readonly Machine[]): OverviewRow[] {
  return [...groupBy(pairs, ({ model }) => modelName(model))].flatMap(([name, own]) =>
    knownKinds.flatMap((kind) => {
      const ofKind = own.filter(({ workload }) => workload.kind === kind);
      return ofKind.length === 0 ? [] : [rowOf(plain(name), ofKind, machines)];
    }),
  );
}

function rowOf(model: string, pairs: readonly Pair[], machines: readonly Machine[]): OverviewRow {
  const [first] = pairs;
  const tests = [...new Set(pairs.map(({ test }) => test))];
  return {
    model,
    tests: plain(tests.length < 3 ? tests.join(", ") : `${tests[0]} to ${tests.at(-1)}`),
    unit: first === undefined ? "" : metrics[first.metric].unit,
    cells: machines.map((machine) => cellOf(machine, pairs)),
  };
}

function cellOf(machine: Machine, pairs: readonly Pair[]): OverviewCell {
  const sides = pairs.flatMap((pair) =>
    sideNames.flatMap((name) => (pair[name].machine.label === machine.label ? [pair[name]] : [])),
  );
  const values = sides.flatMap((side) => (side.value === null ? [] : [side.record.summary.mean]));
  const ratios = pairs.flatMap((pair) => {
    const log = pair.other.machine.label === machine.label ? ratioOf(pair.verdict)?.log : undefined;
    return log === undefined ? [] : [Math.exp(log)];
  });
  return {
    machine,
    measured: values.length > 0,
    text: values.length === 0 ? emptyText(machine, sides, pairs) : spanText(values, sides),
    ratio: ratios.length === 0 ? null : rangeText(spanOf(ratios)),
  };
}

function spanOf(values: readonly number[]) {
  const [low, high] = extent(values);
  return { low, high };
}

/** `36.1–50.7`, with where it was computed unless that was the GPU. */
function spanText(values: readonly number[], sides: readonly PairSide[]): string {
  const places = new Set(sides.flatMap(({ record }) => processorsOf(record) ?? []));
  const elsewhere = [...places].filter((place) => place !== "gpu");
  const span = rangeText(spanOf(values));
  return elsewhere.length === 0 ? span : `${span} (${elsewhere.join(", ")})`;
}

/** What became of the cases that gave no value, in a word or two. */
function emptyText(machine: Machine, sides: readonly PairSide[], [pair]: readonly Pair[]): string {
  const [first] = sides;
  if (first !== undefined) return first.record.status.replaceAll("_", " ");
  return pair === undefined ? "" : whyNoCase(machine, pair.model, pair.test);
}
