/** `compare --json`: the contract's shape, from the comparison. */
import type { CaseRow } from "../results/caseResult.ts";
import type { Comparison, Pair } from "./comparison.ts";
import type { Crossover } from "./crossover.ts";
import type { Machine } from "./machines.ts";
import { placementOf } from "./placement.ts";
import type { Side } from "./verdict.ts";
import { speedInterval } from "./welch.ts";
import { machineOn } from "./work.ts";

function machineJson({ label, file, gpuInfo, ramBytes, gpuBudgetBytes }: Machine) {
  return { label, file, gpu_info: gpuInfo, ram_bytes: ramBytes, gpu_budget_bytes: gpuBudgetBytes };
}

export function resultJson({ label }: Machine, { row, speed }: Side) {
  const interval = ownInterval(row) ?? (speed === null ? null : speedInterval(speed));
  return {
    machine: label,
    status: row.status,
    fit: row.fit,
    placement: placementOf(row),
    n_gpu_layers: row.n_gpu_layers,
    n_layers: row.n_layers,
    avg_ts: speed === null ? null : row.avg_ts,
    ci95_low_ts: interval?.low ?? null,
    ci95_high_ts: interval?.high ?? null,
  };
}

/** The interval that the row was stored with. */
function ownInterval({ ci95_low_ts: low, ci95_high_ts: high }: CaseRow) {
  return low === null || high === null ? null : { low, high };
}

export function pairJson(pair: Pair) {
  const [baseline, other] = pair.machines;
  return {
    model: pair.model,
    quantization: pair.quantization,
    test: pair.test,
    baseline: baseline.label,
    other: other.label,
    settings_differ: pair.settingsDiffer,
    results: [resultJson(baseline, pair.sides[0]), resultJson(other, pair.sides[1])] as const,
    ratio: ratioOf(pair),
    ratio_low: pair.interval?.low ?? null,
    ratio_high: pair.interval?.high ?? null,
    verdict: pair.verdict,
    winner: winnerLabel(pair),
    basis: pair.basis,
  };
}

/** other.avg_ts / baseline.avg_ts; null unless both were measured. */
export function ratioOf({ ratio, sides: [baseline, other] }: Pair): number | null {
  return ratio === null ? null : (other.row.avg_ts ?? 0) / (baseline.row.avg_ts ?? 1);
}

export function winnerLabel(pair: Pair): string | null {
  return machineOn(pair, pair.winner)?.label ?? null;
}

export function comparisonJson(
  { machines, pairs }: Comparison,
  summary: readonly string[],
  crossover: Crossover | null,
) {
  return { machines: machines.map(machineJson), pairs: pairs.map(pairJson), summary, crossover };
}
