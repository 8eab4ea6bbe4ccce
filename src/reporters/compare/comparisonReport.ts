/** What a report of a comparison tells, whatever its format. */
import type { NamedMix } from "../../compare/answers/mixes.ts";
import { pacesOf } from "../../compare/answers/modelPace.ts";
import type { TrainedTokens } from "../../compare/answers/room.ts";
import { comparedMachines, type Comparison } from "../../compare/comparison.ts";
import { crossoverOf, type Crossover } from "../../compare/crossover.ts";
import { answerSentences } from "./words/answers.ts";
import { summaryOf } from "./words/summary.ts";

export interface ComparisonReport {
  readonly comparison: Comparison;
  /** The verdict in words, then the answers' times where mixes were given. */
  readonly summary: readonly string[];
  readonly crossover: Crossover | null;
  readonly mixes: readonly NamedMix[];
  readonly trainedTokens: TrainedTokens;
  /** What a reader should know of the files. */
  readonly notes: readonly string[];
}

export function comparisonReport(
  comparison: Comparison,
  mixes: readonly NamedMix[],
  notes: readonly string[],
  trainedTokens: TrainedTokens,
): ComparisonReport {
  return {
    comparison,
    summary: [...summaryOf(comparison), ...timesOf(comparison, mixes, trainedTokens)],
    crossover: crossoverOf(comparison),
    mixes,
    trainedTokens,
    notes,
  };
}

function timesOf(
  comparison: Comparison,
  mixes: readonly NamedMix[],
  trainedTokens: TrainedTokens,
): string[] {
  if (mixes.length === 0) return [];
  const paces = comparedMachines(comparison).flatMap(pacesOf);
  return mixes.flatMap((mix) => answerSentences(paces, mix, comparison.options, trainedTokens));
}
