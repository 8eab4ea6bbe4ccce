/** All pairs of two or more machines. */
import type { CaseRow } from "../results/caseResult.ts";
import { align, indexRows } from "./align.ts";
import { logSpeedOf } from "./logSpeed.ts";
import { baselineFirst } from "./machines.ts";
import type { Machine } from "./machines.ts";
import { judge } from "./verdict.ts";
import type { Judgement, Side, VerdictOptions } from "./verdict.ts";

export interface Pair extends Judgement {
  readonly model: string;
  readonly quantization: string | null;
  readonly test: string;
  readonly machines: readonly [baseline: Machine, other: Machine];
  readonly sides: readonly [baseline: Side, other: Side];
  /** Weights and KV cache, which decide what fits; null where neither row says. */
  readonly bytes: number | null;
}

/** Rows whose model, quantization or test isn't in the other's file. */
export interface Unpaired {
  readonly machine: Machine;
  readonly against: Machine;
  readonly rows: readonly CaseRow[];
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
  readonly options: CompareOptions;
}

/** @throws LlmbenchError `usage` for fewer than two machines, or an unknown baseline. */
export function compareMachines(given: readonly Machine[], options: CompareOptions): Comparison {
  const machines = baselineFirst(given, options.baseline);
  const [baseline, ...others] = machines;
  const index = indexRows(baseline.rows);
  const pairs: Pair[] = [];
  const unpaired: Unpaired[] = [];
  for (const other of others) {
    const { matched, onlyBaseline, onlyOther } = align(index, indexRows(other.rows));
    const between = [baseline, other] as const;
    const judged = matched.map((rows) => pairOf(between, rows, options)).toSorted(bySize);
    for (const pair of judged) pairs.push(pair);
    unpaired.push({ machine: baseline, against: other, rows: onlyBaseline });
    unpaired.push({ machine: other, against: baseline, rows: onlyOther });
  }
  return { machines, pairs, unpaired: unpaired.filter(({ rows }) => rows.length > 0), options };
}

/** Names that paired models have on either side. */
export function pairedModels(pairs: readonly Pair[]): ReadonlySet<string> {
  const models = new Set<string>();
  for (const { sides } of pairs) for (const { row } of sides) models.add(row.model);
  return models;
}

/** The machines with the rows of paired models alone. */
export function comparedMachines({ machines, pairs }: Comparison): Machine[] {
  const models = pairedModels(pairs);
  return machines.map((machine) =>
    Object.assign({}, machine, { rows: machine.rows.filter(({ model }) => models.has(model)) }),
  );
}

function pairOf(
  machines: Pair["machines"],
  [baseline, other]: readonly [CaseRow, CaseRow],
  options: CompareOptions,
): Pair {
  const sides = [side(baseline), side(other)] as const;
  const judgement = judge(sides[0], sides[1], options);
  return {
    model: baseline.model,
    quantization: baseline.quantization,
    test: baseline.test,
    machines,
    sides,
    bytes: caseBytes(baseline) ?? caseBytes(other),
    // One by one: of a hundred thousand pairs a spread would take a third of the time.
    verdict: judgement.verdict,
    winner: judgement.winner,
    basis: judgement.basis,
    lacking: judgement.lacking,
    ratio: judgement.ratio,
    interval: judgement.interval,
    settingsDiffer: judgement.settingsDiffer,
  };
}

function side(row: CaseRow): Side {
  return { row, speed: logSpeedOf(row) };
}

/** Weights and KV cache of the case; the weights alone where the cache isn't known. */
function caseBytes(row: CaseRow): number | null {
  const weights = row.weights_bytes ?? row.model_size;
  return weights === null ? null : weights + (row.kv_bytes ?? 0);
}

/** Small models first, pp before tg, short before long. */
function bySize(a: Pair, b: Pair): number {
  return (
    modelBytes(a) - modelBytes(b) ||
    compareText(a.model, b.model) ||
    compareText(a.quantization ?? "", b.quantization ?? "") ||
    testOrder(a) - testOrder(b) ||
    compareText(a.test, b.test)
  );
}

function modelBytes({ sides }: Pair): number {
  const [{ row: a }, { row: b }] = sides;
  return a.weights_bytes ?? a.model_size ?? b.weights_bytes ?? b.model_size ?? 0;
}

function testOrder({ sides: [{ row }] }: Pair): number {
  return (row.n_gen > 0 ? 1e12 : 0) + row.n_depth * 1e3 + (row.n_prompt + row.n_gen) / 1e3;
}

/** By code unit: the same order everywhere, whatever the locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
