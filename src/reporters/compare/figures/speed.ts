/** Tokens per second of each model on each machine, and how long a thousand tokens take. */
import { groupBy } from "../../../base/groupBy.ts";
import type { Pair } from "../../../compare/comparison.ts";
import { ratioOf, resultJson } from "../../../compare/contract.ts";
import type { Machine } from "../../../compare/machines.ts";
import { gibOf, threeDigits } from "../../../compare/phrases.ts";
import { placementOf } from "../../../compare/placement.ts";
import type { TypicalTest } from "../../../compare/typicalTests.ts";
import type { Side } from "../../../compare/verdict.ts";
import { modelName, workNames } from "../../../compare/work.ts";
import { barChart } from "../barChart.ts";
import type { Bar } from "../barChart.ts";
import type { Figure } from "../figure.ts";
import { shownLow } from "../../shownLow.ts";

/** More groups of bars are no picture any more; the table has them all. */
const mostGroups = 24;

export function speedFigure({ work, test, pairs }: TypicalTest, series: readonly string[]): Figure {
  const bars = barsOf(pairs, speedBar);
  return {
    id: `speed-${work.replace("+", "-")}`,
    title: `${workNames[work]}, ${test}: tokens per second, with 95% intervals`,
    spec: barChart(bars, series, "tokens per second"),
    facts: bars.map(fact),
  };
}

/** Shorter is better: what the same figures mean to someone who waits. */
export function durationFigure(
  { work, test, pairs }: TypicalTest,
  series: readonly string[],
): Figure {
  const bars = barsOf(pairs, durationBar);
  return {
    id: `duration-${work.replace("+", "-")}`,
    title: `${workNames[work]}, ${test}: seconds for 1000 tokens, and the speed-up against ${series[0]}`,
    spec: barChart(bars, series, "seconds for 1000 tokens"),
    facts: bars.map(fact),
  };
}

export const fact = ({ group, series, label, value, note }: Bar) =>
  `${group}, ${series}: ${value === null ? (note ?? "no data") : label}`;

/** Each machine's side once: the baseline stands in several pairs. */
function barsOf(pairs: readonly Pair[], bar: (pair: Pair, at: 0 | 1) => Bar): Bar[] {
  const groups = [...groupBy(pairs, ({ model, quantization }) => modelName(model, quantization))];
  return groups.slice(0, mostGroups).flatMap(([, own]) => {
    const baseline = own.slice(0, 1).map((pair) => bar(pair, 0));
    return baseline.concat(own.map((pair) => bar(pair, 1)));
  });
}

function speedBar(pair: Pair, at: 0 | 1): Bar {
  const side = pair.sides[at];
  const result = resultJson(pair.machines[at], side);
  const where = { gpu: "", "gpu+cpu": " (partly on the CPU)", cpu: " (on the CPU)" };
  const placement = placementOf(side.row);
  return {
    ...named(pair, at),
    value: result.avg_ts,
    low: result.ci95_low_ts === null ? null : shownLow(result.ci95_low_ts),
    high: result.ci95_high_ts,
    label: `${threeDigits(result.avg_ts ?? 0)}${placement === null ? "" : where[placement]}`,
    note: whyNoBar(side, pair.machines[at]),
  };
}

function durationBar(pair: Pair, at: 0 | 1): Bar {
  const side = pair.sides[at];
  const speed = side.speed === null ? null : side.row.avg_ts;
  const ratio = at === 1 ? ratioOf(pair) : null;
  const against = ratio === null ? "" : ` (×${threeDigits(ratio)})`;
  return {
    ...named(pair, at),
    value: speed === null ? null : 1000 / speed,
    label: speed === null ? "" : `${threeDigits(1000 / speed)} s${against}`,
    note: whyNoBar(side, pair.machines[at]),
  };
}

function named({ model, quantization, machines }: Pair, at: 0 | 1) {
  return { group: modelName(model, quantization), series: machines[at].label };
}

/** `not on its GPU: 38.6 of 24.0 GiB`. */
export function whyNoBar({ row }: Side, { gpuBudgetBytes }: Machine): string {
  if (row.status === "failed") return `failed: ${row.reason ?? "no reason given"}`;
  const weights = row.weights_bytes ?? row.model_size;
  if (weights === null || gpuBudgetBytes === null) return "not on its GPU";
  const needed = weights + (row.kv_bytes ?? 0) + (row.compute_bytes ?? 0);
  return `not on its GPU: ${gibOf(needed, gpuBudgetBytes)}`;
}
