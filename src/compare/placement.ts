/** Where a measured case computed. */
import type { CaseRow } from "../results/caseResult.ts";
import { extent } from "./phrases.ts";

export type Placement = "gpu" | "gpu+cpu" | "cpu";

/** llama-bench's users write 99 for "all"; no model here has as many layers left over. */
const asGoodAsAll = 99;

/** Null where the row doesn't say, or nothing was computed. */
export function placementOf(row: CaseRow): Placement | null {
  if (row.status !== "measured") return null;
  if (row.backend === "cpu" || row.n_gpu_layers === 0) return "cpu";
  if (row.n_gpu_layers === null) return null;
  if ((row.n_cpu_moe ?? 0) > 0) return "gpu+cpu";
  if (layersOnGpu(row.n_gpu_layers, row.n_layers) === allLayers(row.n_layers)) return "gpu";
  return row.n_layers === null ? null : "gpu+cpu";
}

/** The output layer counts as one (llama.cpp's n_layers + 1). */
function allLayers(nLayers: number | null): number {
  return nLayers === null ? asGoodAsAll : nLayers + 1;
}

/** What `asked` comes to: -1 and 99 are all that there are. */
export function layersOnGpu(asked: number, nLayers: number | null): number {
  const all = allLayers(nLayers);
  return asked < 0 ? all : Math.min(asked, all);
}

/** Measured, and wholly there as far as the row says. */
export function isOnGpu(row: CaseRow): boolean {
  return placementRank(row) === ranks.gpu;
}

/** Measured rows in the best place that any was: on the GPU before the CPU. */
export function bestPlaced(rows: readonly CaseRow[]): CaseRow[] {
  const measured = rows.filter(({ status }) => status === "measured");
  const best = extent(measured.map(placementRank))[1];
  return measured.filter((row) => placementRank(row) === best);
}

const ranks = { gpu: 3, "gpu+cpu": 2, cpu: 1 } as const;

/** Orders cases of one model and test by how well they use the machine. */
export function placementRank(row: CaseRow): number {
  const placement = placementOf(row);
  if (row.status !== "measured") return 0;
  return placement === null ? ranks.gpu : ranks[placement];
}
