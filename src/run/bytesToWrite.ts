/** Synthetic weights that a run has to write before it can load them. */
import { isTried } from "../plan/caseMemory.ts";
import type { PreparedRun } from "./prepareRun.ts";

/** Bytes of those that are not in the cache yet, of what is going to be loaded. */
export function bytesToWrite({ due, options }: Pick<PreparedRun, "due" | "options">): number {
  const files = new Map<string, number>();
  for (const one of due) {
    const { opened, bytesToWrite: bytes } = one.variant.weights;
    if (opened !== null && isTried(one, options)) files.set(opened, bytes);
  }
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}
