/** How much each machine's GPU may hold: where the cliffs are. */
import { totalGpuBudget } from "../../machine/memoryBudget.ts";
import type { Machine } from "../machines.ts";
import type { Runners } from "./runners.ts";

export interface Wall {
  readonly label: string;
  readonly bytes: number;
  /** Whether Metal's limit is as high as leaves macOS enough. */
  readonly raised: boolean;
}

/** None of a machine without a GPU, or of an unknown budget. */
export function wallsOf({ label, gpuBudgetBytes }: Machine, runners: Runners): Wall[] {
  const predicted = runners.all.find((runner) => runner.label === label)?.predicted;
  const budgets = [
    { bytes: gpuBudgetBytes ?? (predicted && totalGpuBudget(predicted.budget)), raised: false },
    { bytes: predicted?.raisedBudget && totalGpuBudget(predicted.raisedBudget), raised: true },
  ];
  return budgets.flatMap(({ bytes, raised }) => (bytes ? [{ label, bytes, raised }] : []));
}
