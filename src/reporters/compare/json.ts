/** `compare --json`: the contract's shape. */
import { comparisonJson } from "../../compare/contract.ts";
import type { ComparisonReport } from "./comparisonReport.ts";

export function renderJson({ comparison, summary, crossover }: ComparisonReport): string {
  return `${JSON.stringify(comparisonJson(comparison, summary, crossover), null, 2)}\n`;
}
