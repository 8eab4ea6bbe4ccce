/** Every program whose results are read, by its name. */
import type { ToolName } from "../toolNames.ts";
import { toolNames } from "../toolNames.ts";
import { batchedBench } from "./batchedBench.ts";
import { llamaBench } from "./llamaBench.ts";
import { localScore } from "./localScore.ts";
import { mlxBenchmark } from "./mlxBenchmark.ts";
import { sweepBench } from "./sweepBench.ts";
import type { Tool } from "./tool.ts";

export const tools = {
  "llama-bench": llamaBench,
  "llama-batched-bench": batchedBench,
  "llama-sweep-bench": sweepBench,
  LocalScore: localScore,
  "mlx_lm.benchmark": mlxBenchmark,
} as const satisfies Record<ToolName, Tool>;

/** Whose rows have these columns or keys; null for nobody's. */
export function ownerOf(columns: readonly string[]): ToolName | null {
  const known = new Set(columns.map((column) => column.toLowerCase()));
  return toolNames.find((name) => tools[name].owns(known)) ?? null;
}
