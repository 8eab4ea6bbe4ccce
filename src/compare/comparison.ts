/** All pairs of two or more machines. */
import { metrics, type Better } from "../bench/metrics.ts";
import type { CaseRecord } from "../bench/record.ts";
import { testName, type KnownWorkload, type MetricName } from "../bench/workload.ts";
import { align, indexCases, type Match } from "./align.ts";
import { caseBytes, weightsBytesOf } from "./caseBytes.ts";
import type { SideName } from "./judge/decision.ts";
import { judge, sideOf, type Judgement, type Side, type VerdictOptions } from "./judge/verdict.ts";
import { baselineFirst, type Machine } from "./machines.ts";
import type { NamedModel } from "./modelNames.ts";
import { byTableOrder, isKnownCase, metricOf } from "./workloads.ts";

export type PairSide = Side & { readonly machine: Machine };

/** Two machines at one model, quantization and workload, judged in the workload's own metric. */
export interface Pair extends Judgement {
  readonly baseline: PairSide;
  readonly other: PairSide;
  /** The model as the baseline calls it: the other's may be one of the same shape. */
  readonly model: NamedModel;
  readonly workload: KnownWorkload;
  /** The workload's name. */
  readonly test: string;
  readonly metric: MetricName;
  readonly better: Better;
  /** Other cases of the same machine, model, quantization and test, which these stand for. */
  readonly besides: Match["besides"];
  /** Weights and KV cache, which decide what fits; null where neither case tells. */
  readonly bytes: number | null;
}

export const sideNames = ["baseline", "other"] as const satisfies readonly SideName[];

/** Cases of one machine that stand in no pair. */
export interface LeftOut {
  readonly machine: Machine;
  readonly cases: readonly CaseRecord[];
}

/** Cases that have no counterpart on another machine. */
export interface Unpaired extends LeftOut {
  readonly against: Machine;
}

export interface CompareOptions extends VerdictOptions {
  /** Label or file of the machine that the others are compared with; null for the first. */
  readonly baseline: string | null;
  /** t/s of token generation below which a machine runs a model too slowly to use. */
  readonly usable: number;
}

export interface Comparison {
  /** The baseline first. */
  readonly machines: readonly [Machine, ...Machine[]];
  readonly pairs: readonly Pair[];
  readonly unpaired: readonly Unpaired[];
  /** Cases of workloads that this llmbench doesn't know, which are never paired. */
  readonly unknown: readonly LeftOut[];
  readonly options: CompareOptions;
}

/** @throws LlmbenchError `usage` for fewer than two machines, or an unknown baseline. */
export function compareMachines(given: readonly Machine[], options: CompareOptions): Comparison {
  const machines = baselineFirst(given, options.baseline);
  const [baseline, ...others] = machines;
  const index = indexCases(baseline.cases.filter(isKnownCase));
  const pairs: Pair[] = [];
  const unpaired: Unpaired[] = [];
  for (const other of others) {
    const alignment = align(index, indexCases(other.cases.filter(isKnownCase)));
    const judged = alignment.matched.map((match) => pairOf([baseline, other], match, options));
    for (const pair of judged.toSorted(bySize)) pairs.push(pair);
    unpaired.push({ machine: baseline, against: other, cases: alignment.onlyBaseline });
    unpaired.push({ machine: other, against: baseline, cases: alignment.onlyOther });
  }
  const unknown = machines.map((machine) => ({
    machine,
    cases: machine.cases.filter((record) => !isKnownCase(record)),
  }));
  return {
    machines,
    pairs,
    unpaired: unpaired.filter(({ cases }) => cases.length > 0),
    unknown: unknown.filter(({ cases }) => cases.length > 0),
    options,
  };
}

/** Ids that paired models have on either side. */
export function pairedModels(pairs: readonly Pair[]): ReadonlySet<string> {
  const models = new Set<string>();
  for (const pair of pairs) for (const side of sideNames) models.add(pair[side].record.model.id);
  return models;
}

/** The machines with the cases of paired models alone. */
export function comparedMachines({ machines, pairs }: Comparison): Machine[] {
  const models = pairedModels(pairs);
  return machines.map((machine) =>
    Object.assign({}, machine, {
      cases: machine.cases.filter(({ model }) => models.has(model.id)),
    }),
  );
}

function pairOf(
  [baseline, other]: readonly [Machine, Machine],
  { baseline: record, other: otherRecord, besides }: Match,
  options: CompareOptions,
): Pair {
  const { model, workload } = record;
  const metric = metricOf(workload.kind);
  const { better } = metrics[metric];
  const sides = {
    baseline: pairSideOf(baseline, record),
    other: pairSideOf(other, otherRecord),
    better,
  };
  const { verdict, differences } = judge(sides, options);
  return {
    baseline: sides.baseline,
    other: sides.other,
    model,
    workload,
    test: testName(workload),
    metric,
    better,
    besides,
    bytes: caseBytes(record) ?? caseBytes(otherRecord),
    verdict,
    differences,
  };
}

function pairSideOf(machine: Machine, record: CaseRecord): PairSide {
  const side = sideOf(record);
  // One by one: of a hundred thousand pairs a spread would take a third of the time.
  return side.value === null
    ? { machine, record: side.record, value: null }
    : { machine, record: side.record, value: side.value };
}

/** Small models first, then as tests stand in a table. */
function bySize(a: Pair, b: Pair): number {
  return (
    weightsOf(a) - weightsOf(b) ||
    compareText(a.model.id, b.model.id) ||
    compareText(a.model.quantization ?? "", b.model.quantization ?? "") ||
    byTableOrder(a.workload, b.workload) ||
    compareText(a.test, b.test)
  );
}

function weightsOf({ baseline, other }: Pair): number {
  return weightsBytesOf(baseline.record) ?? weightsBytesOf(other.record) ?? 0;
}

/** Orders texts by code unit: everywhere alike, whatever the locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The machine on a side; null where none is named. */
export function machineOn(pair: Pair, side: SideName | null): Machine | null {
  return side === null ? null : pair[side].machine;
}

/** other ÷ baseline of the values, whatever is better; null unless both were measured. */
export function valueRatio({ baseline, other }: Pair): number | null {
  if (baseline.value === null || other.value === null) return null;
  return other.record.summary.mean / baseline.record.summary.mean;
}
