/** What a row's test computes. */
import { testName, workloadOf, type Workload } from "../bench/workload.ts";
import type { CaseRow } from "./columns/columns.ts";

/**
 * Lengths and depth tell, where the test's name is the one that they have. Any other test, of a later version say, is only
 * known by its name.
 */
export function workloadOfRow({
  test,
  n_prompt: prompt,
  n_gen: generated,
  n_depth: depth,
  n_parallel: parallel,
}: Pick<CaseRow, "test" | "n_prompt" | "n_gen" | "n_depth" | "n_parallel">): Workload {
  const tokens = { prompt, generated, depth, parallel: parallel ?? 1 };
  if (prompt > 0 || generated > 0) {
    const workload = workloadOf(tokens);
    if (testName(workload) === test) return workload;
  }
  return { kind: "unknown", name: test, ...tokens };
}
