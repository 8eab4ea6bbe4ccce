/** A comparison in a few lines: of each model and kind of work the span over all tests, machine by machine. */
import { metrics } from "../../bench/metrics.ts";
import { groupBy } from "../../base/groupBy.ts";
import { isOfMachine, knownKinds } from "../../bench/workload.ts";
import { sideNames, type Pair, type PairSide } from "../../compare/comparison.ts";
import { ratioOf } from "../../compare/judge/verdict.ts";
import type { Machine } from "../../compare/machines.ts";
import { modelName } from "../../compare/modelNames.ts";
import { processorsOf } from "../../compare/processors.ts";
import { plain } from "../format.ts";
import { whyNoCase } from "./whyNoBar.ts";
import { extent, rangeText, statusText } from "./words/phrases.ts";

export interface OverviewRow {
  readonly model: string;
  /** Whether it is of the machine alone, of which each test has a row. */
  readonly ofMachine: boolean;
  /** `tg512 to tg8192`, or the one test; empty where no two machines that ran any ran one in common. */
  readonly tests: string;
  /** Tests that some of them ran and others didn't, so that no span is of them. */
  readonly leftOut: number;
  readonly unit: string;
  /** One a machine, in their order. */
  readonly cells: readonly OverviewCell[];
}

export interface OverviewCell {
  readonly machine: Machine;
  /** `36.1–50.7`; `not on its GPU`. */
  readonly text: string;
  readonly measured: boolean;
  /** The machine's value over the baseline's; null for the baseline, and where they aren't both known. */
  readonly ratio: string | null;
}

/** A row for each model and kind of work: small models first, within a model as kinds are told. */
export function overviewOf(pairs: readonly Pair[], machines: readonly Machine[]): OverviewRow[] {
  return [...groupBy(pairs, ({ model }) => modelName(model))].flatMap(([name, own]) =>
    knownKinds.flatMap((kind) => {
      const ofKind = own.filter(({ workload }) => workload.kind === kind);
      return rowsOf(ofKind).map((pairsOfRow) => rowOf(plain(name), pairsOfRow, machines));
    }),
  );
}

/** What types are read at has no span: it is one figure a type. */
function rowsOf(pairs: readonly Pair[]): (readonly Pair[])[] {
  const [first] = pairs;
  if (first === undefined) return [];
  return isOfMachine(first.workload) ? [...groupBy(pairs, ({ test }) => test).values()] : [pairs];
}

function rowOf(model: string, all: readonly Pair[], machines: readonly Machine[]): OverviewRow {
  const [first] = all;
  const common = commonTests(all, machines);
  const pairs = common.size === 0 ? all : all.filter(({ test }) => common.has(test));
  const tests = testsOf(pairs);
  return {
    model,
    ofMachine: first !== undefined && isOfMachine(first.workload),
    tests: common.size === 0 ? "" : spanOfTests(tests),
    leftOut: common.size === 0 ? 0 : testsOf(all).length - tests.length,
    unit: first === undefined ? "" : metrics[first.metric].unit,
    cells: machines.map((machine) => cellOf(machine, pairs, common.size === 0)),
  };
}

function testsOf(pairs: readonly Pair[]): string[] {
  return [...new Set(pairs.map(({ test }) => test))];
}

function spanOfTests(tests: readonly string[]): string {
  return plain(tests.length < 3 ? tests.join(", ") : `${tests[0]} to ${tests.at(-1)}`);
}

/** Like is set against like: tests that each machine ran which ran any of the row's; all of them where only one did. */
function commonTests(pairs: readonly Pair[], machines: readonly Machine[]): ReadonlySet<string> {
  const ran = machines
    .map(({ label }) => new Set(pairs.filter((pair) => ranIn(pair, label)).map(({ test }) => test)))
    .filter((own) => own.size > 0);
  return new Set(testsOf(pairs).filter((test) => ran.every((own) => own.has(test))));
}

function ranIn(pair: Pair, label: string): boolean {
  return sideNames.some((name) => pair[name].machine.label === label && pair[name].value !== null);
}

/** @param apart whether each machine has tests of its own, which its cell then names */
function cellOf(machine: Machine, pairs: readonly Pair[], apart: boolean): OverviewCell {
  const sides = pairs.flatMap((pair) =>
    sideNames.flatMap((name) => (pair[name].machine.label === machine.label ? [pair[name]] : [])),
  );
  const own = apart
    ? ` (${spanOfTests(testsOf(pairs.filter((pair) => ranIn(pair, machine.label))))})`
    : "";
  const values = sides.flatMap((side) => (side.value === null ? [] : [side.record.summary.mean]));
  const ratios = pairs.flatMap((pair) => {
    const log = pair.other.machine.label === machine.label ? ratioOf(pair.verdict)?.log : undefined;
    return log === undefined ? [] : [Math.exp(log)];
  });
  return {
    machine,
    measured: values.length > 0,
    text:
      values.length === 0 ? emptyText(machine, sides, pairs) : `${spanText(values, sides)}${own}`,
    ratio: ratios.length === 0 ? null : rangeText(extent(ratios)),
  };
}

/** `36.1–50.7`, with where it was computed unless that was the GPU. */
function spanText(values: readonly number[], sides: readonly PairSide[]): string {
  const places = new Set(sides.flatMap(({ record }) => processorsOf(record) ?? []));
  const elsewhere = [...places].filter((place) => place !== "gpu");
  const span = rangeText(extent(values));
  return elsewhere.length === 0 ? span : `${span} (${elsewhere.join(", ")})`;
}

/** What became of the cases that gave no value, in a word or two. */
function emptyText(machine: Machine, sides: readonly PairSide[], [pair]: readonly Pair[]): string {
  const [first] = sides;
  if (first !== undefined) return statusText(first.record.status);
  return pair === undefined ? "" : whyNoCase(machine, pair.model, pair.test);
}
