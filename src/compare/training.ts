/** Training on two machines: who takes a step sooner, each at its best, and what only one has the memory for. */
import { derivedMetrics } from "../bench/derivedMetrics.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";
import type { TrainWorkload } from "../bench/workload.ts";
import { getOrMake } from "../base/getOrMake.ts";
import { valueRatio, type Pair } from "./comparison.ts";
import type { Machine } from "./machines.ts";

type Training<Record extends CaseRecord> = Record & { readonly workload: TrainWorkload };

export type TrainedCase = Training<MeasuredRecord>;

function isTraining<Record extends CaseRecord>(record: Record): record is Training<Record> {
  return record.workload.kind === "train";
}

export function trainedCases({ cases }: Machine): readonly TrainedCase[] {
  return cases.filter(isMeasured).filter(isTraining);
}

/** A lower precision against f32: the same model, sequence and batch on one machine. */
export interface PrecisionGain {
  readonly machine: Machine;
  readonly record: TrainedCase;
  /** How many times as fast. */
  readonly times: number;
}

/** The gains of a machine in the order of its cases; none where f32 wasn't measured. */
export function precisionGains(machine: Machine): PrecisionGain[] {
  const cases = trainedCases(machine);
  return cases.flatMap((record) => {
    const { precision, sequence, batch } = record.workload;
    if (precision === "f32") return [];
    const whole = cases.find(
      ({ model, engine, workload }) =>
        workload.precision === "f32" &&
        workload.sequence === sequence &&
        workload.batch === batch &&
        model.id === record.model.id &&
        engine.name === record.engine.name,
    );
    const times = whole === undefined ? null : derivedMetrics.speed_up.of([whole, record]);
    return times === null ? [] : [{ machine, record, times }];
  });
}

/** The most tokens per second, whatever batch and precision; null where nothing of the model was trained. */
function bestOf(cases: readonly TrainedCase[], model: string): TrainedCase | null {
  const own = cases.filter((record) => record.model.id === model);
  return own.reduce<TrainedCase | null>(
    (best, one) => (best !== null && best.summary.mean >= one.summary.mean ? best : one),
    null,
  );
}

export interface BestTraining {
  readonly model: string;
  readonly baseline: TrainedCase;
  readonly other: TrainedCase;
}

/** What one machine trained and the other hasn't the memory for. */
export interface TrainedAlone {
  readonly machine: Machine;
  readonly record: TrainedCase;
  readonly missing: CaseRecord;
}

export interface TrainingAnswer {
  readonly baseline: Machine;
  readonly other: Machine;
  /** Pairs that both measured. */
  readonly pairs: readonly Pair[];
  /** Speed of the other over that of the baseline, of each pair. */
  readonly ratios: readonly number[];
  /** Each machine's best at the largest model that both trained. */
  readonly best: BestTraining | null;
  readonly alone: readonly TrainedAlone[];
}

/** What pairs of two machines say of training; null where they have none in common. */
export function trainingAnswer(all: readonly Pair[]): TrainingAnswer | null {
  const pairs = all.filter(({ workload }) => workload.kind === "train");
  const [first] = pairs;
  if (first === undefined) return null;
  const { machine: baseline } = first.baseline;
  const { machine: other } = first.other;
  const measured = pairs.flatMap((pair) => {
    const ratio = valueRatio(pair);
    return ratio === null ? [] : [{ pair, ratio }];
  });
  return {
    baseline,
    other,
    pairs: measured.map(({ pair }) => pair),
    ratios: measured.map(({ ratio }) => ratio),
    best: bestTraining(baseline, other),
    alone: pairs.flatMap(aloneIn),
  };
}

function bestTraining(baseline: Machine, other: Machine): BestTraining | null {
  const [mine, theirs] = [trainedCases(baseline), trainedCases(other)];
  const parameters = new Map<string, number>();
  for (const { model } of mine) getOrMake(parameters, model.id, () => model.parameters ?? 0);
  const models = [...parameters].toSorted(([, a], [, b]) => b - a).map(([id]) => id);
  for (const model of models) {
    const [a, b] = [bestOf(mine, model), bestOf(theirs, model)];
    if (a !== null && b !== null) return { model, baseline: a, other: b };
  }
  return null;
}

function aloneIn({ baseline, other }: Pair): TrainedAlone[] {
  return [
    [baseline, other],
    [other, baseline],
  ].flatMap(([ran, lacking]) =>
    ran !== undefined &&
    lacking !== undefined &&
    lacking.record.status === "does_not_fit" &&
    isMeasured(ran.record) &&
    isTraining(ran.record)
      ? [{ machine: ran.machine, record: ran.record, missing: lacking.record }]
      : [],
  );
}
