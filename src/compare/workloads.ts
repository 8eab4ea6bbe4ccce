/** Workloads that can be compared, each by its own metric: all whose kind llmbench knows. */
import type { CaseRecord } from "../bench/record.ts";
import {
  generatedTokens,
  isKnown,
  ownMetric,
  promptTokens,
  workloads,
  type KnownKind,
  type KnownWorkload,
  type MetricName,
  type Workload,
} from "../bench/workload.ts";

export type KnownCase = CaseRecord & { readonly workload: KnownWorkload };

export function isKnownCase(record: CaseRecord): record is KnownCase {
  return isKnown(record.workload);
}

/** What workloads of the kind are judged by. */
export function metricOf(kind: KnownKind): MetricName {
  return workloads[kind].metrics[0];
}

/** Orders tests in a table: prompts come first, as llama-bench prints them; what generates follows, by depth and length. */
export function byTableOrder(a: KnownWorkload, b: KnownWorkload): number {
  return (
    Number(generatedTokens(a) > 0) - Number(generatedTokens(b) > 0) ||
    a.depth - b.depth ||
    lengthOf(a) - lengthOf(b)
  );
}

/** Tokens that one sequence reads and writes. */
function lengthOf(workload: KnownWorkload): number {
  return promptTokens(workload) + generatedTokens(workload);
}

/** Token generation of one sequence, whose pace is what a reader sees. */
export function isGeneration({ workload }: { readonly workload: Workload }): boolean {
  return isKnown(workload) && ownMetric(workload) === "tg_ts" && workload.parallel === 1;
}

/** Prompt processing of one sequence. */
export function isPrompt({ workload }: { readonly workload: Workload }): boolean {
  return isKnown(workload) && ownMetric(workload) === "pp_ts" && workload.parallel === 1;
}
