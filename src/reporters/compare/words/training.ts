/** The second half of the verdict: everything that trains. */
import { count } from "../../../base/count.ts";
import { groupBy } from "../../../base/groupBy.ts";
import { testName } from "../../../bench/workload.ts";
import type { Comparison } from "../../../compare/comparison.ts";
import type { Machine } from "../../../compare/machines.ts";
import {
  precisionGains,
  trainingAnswer,
  type BestTraining,
  type TrainedAlone,
  type TrainedCase,
  type TrainingAnswer,
} from "../../../compare/training.ts";
import { threeDigits } from "../../format.ts";
import { listed, range } from "./phrases.ts";

/** A sentence for each other machine that both trained on; none where no rows are of training. */
export function trainingSentences({ pairs, machines }: Comparison): string[] {
  const others = [...groupBy(pairs, ({ other }) => other.machine).values()];
  const answers = others.flatMap((own) => trainingAnswer(own) ?? []);
  const said = answers.flatMap(answerSentence);
  const gains = said.length === 0 ? [] : gainSentence(machines);
  return [...said, ...gains];
}

function answerSentence(answer: TrainingAnswer): string[] {
  const { ratios, alone } = answer;
  if (ratios.length === 0 && alone.length === 0) return [];
  const parts = [
    ...(ratios.length === 0 ? [] : [paceText(answer)]),
    ...bestText(answer),
    ...aloneText(alone),
  ];
  return [`Everything that trains: ${parts.join("; ")}. ${conditions(answer)}`];
}

/** `B takes a step 3.1 to 4.0 times as fast as A in 3 of 4 cases`. */
function paceText({ baseline, other, ratios }: TrainingAnswer): string {
  const faster = ratios.filter((ratio) => ratio > 1);
  const isOther = faster.length * 2 >= ratios.length;
  const won = isOther ? faster : ratios.filter((ratio) => ratio <= 1).map((ratio) => 1 / ratio);
  const [winner, loser] = isOther ? [other, baseline] : [baseline, other];
  return `${winner.label} takes a step ${range(won)} times as fast as ${loser.label} in ${won.length} of ${count(ratios.length, "case")}`;
}

function bestText({ baseline, other, best }: TrainingAnswer): string[] {
  if (best === null) return [];
  const { model } = best;
  const [a, b] = [speedOf(best, "baseline"), speedOf(best, "other")];
  const ratio = best.other.summary.mean / best.baseline.summary.mean;
  const [winner, times] = ratio >= 1 ? [other, ratio] : [baseline, 1 / ratio];
  return [
    `each at its best batch and precision, ${model}: ${baseline.label} ${a}, ${other.label} ${b}, ${winner.label} ${threeDigits(times)} times as fast`,
  ];
}

function speedOf(best: BestTraining, side: "baseline" | "other"): string {
  const { summary, workload } = best[side];
  return `${threeDigits(summary.mean)} t/s (${testName(workload)})`;
}

function aloneText(alone: readonly TrainedAlone[]): string[] {
  return [...groupBy(alone, ({ machine }) => machine)].map(([machine, own]) => {
    const cases = own.map(
      ({ record }) =>
        `${record.model.id} ${testName(record.workload)} at ${threeDigits(record.summary.mean)} t/s`,
    );
    return `only ${machine.label} has the memory for ${listed(cases, 3)}`;
  });
}

/** What computes on each side, and what a step is. */
function conditions({ baseline, other, pairs, best }: TrainingAnswer): string {
  const records = pairs.map((pair) => [pair.baseline.record, pair.other.record] as const);
  const by = ([machine, at]: readonly [Machine, 0 | 1]) => {
    const told = records.map((both) => both[at]);
    const bests = best === null ? [] : [at === 0 ? best.baseline : best.other];
    const engines = new Set([...told, ...bests].map(engineText));
    return `${listed([...engines], 3)} on ${machine.label}`;
  };
  const sides = [
    [baseline, 0],
    [other, 1],
  ] as const;
  return `Conditions: ${sides.map(by).join(", ")}; forward, backward and AdamW on one batch, no data loading, one device each.`;
}

function engineText({ engine }: Pick<TrainedCase, "engine">): string {
  return [engine.name, engine.version, engine.backend].filter((part) => part !== null).join(" ");
}

/** What half precision brings on each machine, against f32 at the same batch. */
function gainSentence(machines: readonly Machine[]): string[] {
  const told = machines.flatMap((machine) => {
    const gains = precisionGains(machine);
    if (gains.length === 0) return [];
    const by = groupBy(gains, ({ record }) => record.workload.precision);
    const parts = [...by].map(
      ([precision, own]) => `${precision} ×${range(own.map(({ times }) => times))}`,
    );
    return [`${machine.label} ${parts.join(", ")}`];
  });
  return told.length === 0
    ? []
    : [`Lower precision in training, against f32 at the same batch: ${told.join("; ")}.`];
}
