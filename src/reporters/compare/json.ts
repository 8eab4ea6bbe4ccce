/** `compare --json`: the contract's shape. */
import { comparisonJson } from "./contract.ts";
import type { ComparisonReport } from "./comparisonReport.ts";

/** Indented for eyes; beyond so many pairs only programs read it, and half of it would be blanks. */
const mostIndented = 1000;

export function renderJson({ comparison, headline, summary, crossover }: ComparisonReport): string {
  const indent = comparison.pairs.length > mostIndented ? 0 : 2;
  const sentences = [...headline, ...summary];
  return `${JSON.stringify(comparisonJson(comparison, sentences, crossover), null, indent)}\n`;
}
