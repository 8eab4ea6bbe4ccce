/** Where a measured case computed. */
import type { CaseRow } from "../results/caseResult.ts";

export type Placement = "gpu" | "gpu+cpu" | "cpu";

/** llama-bench's users write 99 for "all"; no model here has as many layers left over. */
const asGoodAsAll = 99;

/** Null where the row doesn't say, or nothing was computed. */
export function placementOf(row: CaseRow): Placement | null {
  if (row.status !== "measured") return null;
  if (row.backend === "cpu" || row.n_gpu_layers === 0) return "cpu";
  if (row.n_gpu_layers === null) return null;
  if ((row.n_cpu_moe ?? 0) > 0) return "gpu+cpu";
  if (row.n_gpu_layers < 0) return "gpu";
  // The output layer counts as one (llama.cpp's n_layers + 1).
  if (row.n_layers !== null) return row.n_gpu_layers > row.n_layers ? "gpu" : "gpu+cpu";
  return row.n_gpu_layers >= asGoodAsAll ? "gpu" : null;
}

/** Orders cases of one model and test by how well they use the machine. */
export function placementRank(row: CaseRow): number {
  const ranks = { gpu: 3, "gpu+cpu": 2, cpu: 1 } as const;
  const placement = placementOf(row);
  if (row.status !== "measured") return 0;
  return placement === null ? 3 : ranks[placement];
}
