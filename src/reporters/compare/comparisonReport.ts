/** What a report of a comparison tells, whatever its format. */
import { comparedMachines } from "../../compare/comparison.ts";
import type { Comparison } from "../../compare/comparison.ts";
import { crossoverOf } from "../../compare/crossover.ts";
import type { Crossover } from "../../compare/crossover.ts";
import { summaryOf } from "../../compare/summary.ts";
import { answerSentences } from "../../compare/workload/answerWords.ts";
import { answerersOf } from "../../compare/workload/answers.ts";
import type { Workload } from "../../compare/workload/mixes.ts";
import type { TrainedTokens } from "../../compare/workload/room.ts";

export interface ComparisonReport {
  readonly comparison: Comparison;
  /** The verdict in words, then the answers' times where a workload was given. */
  readonly summary: readonly string[];
  readonly crossover: Crossover | null;
  readonly workloads: readonly Workload[];
  readonly trainedTokens: TrainedTokens;
  /** What a reader should know of the files. */
  readonly notes: readonly string[];
}

export function comparisonReport(
  comparison: Comparison,
  workloads: readonly Workload[],
  notes: readonly string[],
  trainedTokens: TrainedTokens,
): ComparisonReport {
  return {
    comparison,
    summary: [...summaryOf(comparison), ...timesOf(comparison, workloads, trainedTokens)],
    crossover: crossoverOf(comparison),
    workloads,
    trainedTokens,
    notes,
  };
}

function timesOf(
  comparison: Comparison,
  workloads: readonly Workload[],
  trainedTokens: TrainedTokens,
): string[] {
  if (workloads.length === 0) return [];
  const answerers = comparedMachines(comparison).flatMap(answerersOf);
  return workloads.flatMap((workload) =>
    answerSentences(answerers, workload, comparison.options, trainedTokens),
  );
}
