/** What a row's test computes. */
import { generatedTokens, promptTokens, workloadNamed, type Workload } from "../bench/workload.ts";
import type { ReadRow } from "./row.ts";

/** What of a row it is read from. */
export const workloadColumns = [
  "test",
  "n_prompt",
  "n_gen",
  "n_depth",
  "n_parallel",
  "metric",
  "unit",
] as const satisfies readonly (keyof ReadRow)[];

type WorkloadRow = Pick<ReadRow, (typeof workloadColumns)[number]>;

/**
 * The test's name tells, where lengths and depth are the ones that it says. Any other test, of a later version say, is only
 * known by its name.
 */
export function workloadOfRow(row: WorkloadRow): Workload {
  const {
    test,
    n_prompt: prompt,
    n_gen: generated,
    n_depth: depth,
    n_parallel,
    metric,
    unit,
  } = row;
  const parallel = n_parallel ?? 1;
  const workload = workloadNamed(test);
  if (
    workload !== null &&
    promptTokens(workload) === prompt &&
    generatedTokens(workload) === generated &&
    workload.depth === depth &&
    workload.parallel === parallel
  )
    return workload;
  return { kind: "unknown", name: test, prompt, generated, depth, parallel, metric, unit };
}
