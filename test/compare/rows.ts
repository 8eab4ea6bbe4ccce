/** Cases of result files as comparisons take them, written down by the contract's columns. */
import {
  compareMachines,
  type Comparison,
  type CompareOptions,
} from "../../src/compare/comparison.ts";
import { machinesOf } from "../../src/compare/machines.ts";
import type { CaseRecord } from "../../src/bench/record.ts";
import type { ReadRow } from "../../src/results/row.ts";
import { caseOf, tested } from "../results/rows.ts";

export const gib = 2 ** 30;

export type Columns = Partial<ReadRow>;

/** Lengths follow from the test's name where that is given, and the name from them. */
function testColumns({ test, n_prompt, n_gen, n_depth }: Columns): Columns {
  if (test === undefined) {
    const lengths = { n_prompt: n_prompt ?? 0, n_gen: n_gen ?? 128, n_depth: n_depth ?? 0 };
    return tested(lengths);
  }
  const found = /^(?:pp(\d+))?\+?(?:tg(\d+))?(?: @ d(\d+))?$/.exec(test);
  return {
    n_prompt: Number(found?.[1] ?? 0),
    n_gen: Number(found?.[2] ?? 0),
    n_depth: Number(found?.[3] ?? 0),
  };
}

/** A measured tg128 of Llama 2 7B, wholly on a GPU, of a known build; `samples_ts` of one launch unless said. */
export function row(overrides: Columns = {}): CaseRecord {
  const samples = overrides.samples_ts ?? [100, 100.2, 99.8, 100.1, 99.9];
  const average = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  return caseOf({
    schema_version: 1,
    run_id: "test",
    case_id: "test",
    status: "measured",
    machine: "rtx",
    backend: "cuda",
    gpu_budget_bytes: 24 * gib,
    engine: "llama.cpp",
    engine_version: "b6000",
    model: "llama-2-7b",
    quantization: "q4_0",
    weights: "real",
    model_n_params: 6_738_415_616,
    weights_bytes: 3.56 * gib,
    n_layers: 32,
    n_gpu_layers: 33,
    type_k: "f16",
    type_v: "f16",
    flash_attn: 1,
    launches: 1,
    repetitions: samples.length,
    avg_ts: average,
    samples_ts: samples,
    ...testColumns(overrides),
    ...overrides,
  });
}

export function misfit(overrides: Columns = {}): CaseRecord {
  return row({
    status: "does_not_fit",
    reason: "predicted_oom",
    avg_ts: null,
    repetitions: null,
    launches: null,
    samples_ts: [],
    ...overrides,
  });
}

export const defaults: CompareOptions = {
  baseline: null,
  usable: 5,
  practical: 0.03,
  allow: new Set(),
};

/** A file a machine, named by its rows. */
export function compareRows(
  files: readonly (readonly CaseRecord[])[],
  options: Partial<CompareOptions> = {},
): Comparison {
  const named = files.map((cases, index) => ({ file: `${index}.csv`, cases }));
  return compareMachines(machinesOf(named), { ...defaults, ...options });
}

/** Of a Mac with 64 GB, over the row of an RTX box. */
export const mac = {
  machine: "mac",
  backend: "metal",
  ram_bytes: 64 * gib,
  gpu_budget_bytes: 48 * gib,
} as const;

/** Three launches that hardly differ. */
export const steady = (speed: number) =>
  launches([speed, speed], [speed * 1.0005, speed], [speed, speed * 0.9995]);

/** Three launches: alone just faster than 100 at 104.2. */
export const barely = (speed: number) => launches([speed], [speed * 1.004], [speed * 0.996]);

/** Samples of several launches, launch after launch. */
export function launches(...each: readonly (readonly number[])[]): Columns {
  const samples = each.flat();
  return { launches: each.length, repetitions: samples.length, samples_ts: samples };
}
