/** `compare --json`: the contract's shape, from the comparison. */
import { metrics } from "../../bench/metrics.ts";
import {
  machineOn,
  valueRatio,
  type Comparison,
  type Pair,
  type PairSide,
} from "../../compare/comparison.ts";
import type { Crossover } from "../../compare/crossover.ts";
import { ratioInterval, valueInterval } from "../../compare/judge/logRatio.ts";
import { ratioOf, winnerOf } from "../../compare/judge/verdict.ts";
import type { Machine } from "../../compare/machines.ts";
import { processorsOf } from "../../compare/processors.ts";
import { withBesides } from "./words/besides.ts";
import { crossoverText } from "./words/crossover.ts";
import { withOrigins } from "./words/origin.ts";
import { differenceText } from "./words/settings.ts";
import { basisOf } from "./words/verdicts.ts";

function machineJson({ label, file, gpu, ramBytes, gpuBudgetBytes }: Machine) {
  return { label, file, gpu_info: gpu, ram_bytes: ramBytes, gpu_budget_bytes: gpuBudgetBytes };
}

export interface MeasuredValue {
  readonly value: number;
  /** The interval that the file has, else the one that follows; null where it tells no spread. */
  readonly low: number | null;
  readonly high: number | null;
}

/** A side's value in the pair's metric; null where nothing was measured. */
export function measuredValue({ record, value }: PairSide): MeasuredValue | null {
  if (value === null) return null;
  const interval = record.summary.ci95 ?? valueInterval(value);
  return {
    value: record.summary.mean,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}

function resultJson(side: PairSide, { metric }: Pair) {
  const { record, machine } = side;
  const measured = measuredValue(side);
  const speed = metrics[metric].unit === "t/s" ? measured : null;
  return {
    machine: machine.label,
    status: record.status,
    fit: record.fit.atCase,
    placement: processorsOf(record),
    n_gpu_layers: record.settings.gpuLayers,
    n_layers: record.model.nLayers,
    avg_ts: speed?.value ?? null,
    ci95_low_ts: speed?.low ?? null,
    ci95_high_ts: speed?.high ?? null,
    value: measured?.value ?? null,
    value_low: measured?.low ?? null,
    value_high: measured?.high ?? null,
  };
}

export function pairJson(pair: Pair) {
  const { baseline, other, verdict, metric, better } = pair;
  const ratio = ratioOf(verdict);
  const interval = ratio === null ? null : ratioInterval(ratio);
  return {
    model: pair.model.id === "" ? null : pair.model.id,
    quantization: pair.model.quantization,
    test: pair.test,
    baseline: baseline.machine.label,
    other: other.machine.label,
    settings_differ: pair.differences.map(differenceText),
    results: [resultJson(baseline, pair), resultJson(other, pair)] as const,
    ratio: valueRatio(pair),
    ratio_low: interval?.low ?? null,
    ratio_high: interval?.high ?? null,
    verdict: verdict.kind,
    winner: winnerLabel(pair),
    basis: withOrigins(withBesides(basisOf(verdict), pair), pair),
    metric,
    unit: metrics[metric].unit,
    better,
  };
}

export function winnerLabel(pair: Pair): string | null {
  return machineOn(pair, winnerOf(pair.verdict))?.label ?? null;
}

function crossoverJson(crossover: Crossover) {
  const { low, high } = crossover;
  return { low_bytes: low.bytes, high_bytes: high.bytes, text: crossoverText(crossover) };
}

export function comparisonJson(
  { machines, pairs }: Comparison,
  summary: readonly string[],
  crossover: Crossover | null,
) {
  return {
    machines: machines.map(machineJson),
    pairs: pairs.map(pairJson),
    summary,
    crossover: crossover === null ? null : crossoverJson(crossover),
  };
}
