/** What a report of a comparison tells, whatever its format. */
import { isOfMachine } from "../../bench/workload.ts";
import type { NamedMix } from "../../compare/answers/mixes.ts";
import { pacesOf } from "../../compare/answers/modelPace.ts";
import type { TrainedTokens } from "../../compare/answers/room.ts";
import { comparedMachines, type Comparison } from "../../compare/comparison.ts";
import { crossoverOf, type Crossover } from "../../compare/crossover.ts";
import { headlineOf, type Headline } from "../../compare/headline/headline.ts";
import type { PredictOffload } from "../../compare/headline/stands.ts";
import type { PredictMachine } from "../../compare/sizes/runners.ts";
import { answerSentences } from "./words/answers.ts";
import { headlineSentences } from "./words/headline.ts";
import { precisionSentences } from "./words/lowerPrecision.ts";
import { priceSentence, type Prices } from "./words/prices.ts";
import { trainingSentences } from "./words/training.ts";
import { summaryOf } from "./words/summary.ts";

export interface ComparisonReport {
  readonly comparison: Comparison;
  /** Null where nothing is paired. */
  readonly answer: Headline | null;
  /** The answer in words, which a reader sees first: a sentence or two a line. */
  readonly headline: readonly string[];
  /** The verdict in words, then the answers' times where mixes were given. */
  readonly summary: readonly string[];
  /** The sentences of the summary on the answers' times. */
  readonly answerTimes: readonly string[];
  /** The sentences of the summary on how much faster machines work with lower precision. */
  readonly precisions: readonly string[];
  readonly crossover: Crossover | null;
  readonly mixes: readonly NamedMix[];
  readonly trainedTokens: TrainedTokens;
  /** Asked by the pictures alone, since it takes its time. */
  readonly predictMachine: PredictMachine;
  /** What a reader should know of the files. */
  readonly notes: readonly string[];
}

/** What is known of models and machines beside what was measured. */
export interface KnownOfModels {
  readonly trainedTokens: TrainedTokens;
  readonly predictOffload: PredictOffload;
  readonly predictMachine: PredictMachine;
  /** Prices of whole boxes, by machine; null where none were given. */
  readonly prices?: Prices | null;
}

export function comparisonReport(
  comparison: Comparison,
  mixes: readonly NamedMix[],
  notes: readonly string[],
  { trainedTokens, predictOffload, predictMachine, prices = null }: KnownOfModels,
): ComparisonReport {
  const training = trainingSentences(comparison);
  const answerTimes = timesOf(comparison, mixes, trainedTokens);
  const precisions = precisionSentences(comparison.machines);
  // Where no models are paired there is no answer.
  const answer = comparison.pairs.every(({ workload }) => isOfMachine(workload))
    ? null
    : headlineOf(comparison, predictOffload);
  return {
    comparison,
    answer,
    headline: [
      ...(answer === null ? [] : [...headlineSentences(answer), ...training.slice(0, 1)]),
      ...priceSentence(comparison.machines, prices),
    ],
    summary: [...summaryOf(comparison), ...precisions, ...training, ...answerTimes],
    precisions,
    answerTimes,
    crossover: crossoverOf(comparison),
    mixes,
    trainedTokens,
    predictMachine,
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
