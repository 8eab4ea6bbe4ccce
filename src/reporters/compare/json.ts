/** `compare --json`: the contract's shape, and what a reader should know of the files. */
import { comparisonJson } from "./contract.ts";
import type { ComparisonReport } from "./comparisonReport.ts";

/** Indented for eyes; beyond so many pairs only programs read it, and half of it would be blanks. */
const mostIndented = 1000;

export function renderJson(report: ComparisonReport): string {
  const { comparison, headline, summary, crossover, notes } = report;
  const indent = comparison.pairs.length > mostIndented ? 0 : 2;
  const sentences = [...headline, ...summary];
  const told = { ...comparisonJson(comparison, sentences, crossover), notes };
  return `${JSON.stringify(told, null, indent)}\n`;
}
