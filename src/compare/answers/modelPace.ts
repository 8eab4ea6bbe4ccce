/** Seconds per answer of one mix, for each model on each machine. */
import { groupBy } from "../../base/groupBy.ts";
import type { CaseRecord, MeasuredRecord } from "../../bench/record.ts";
import { testName } from "../../bench/workload.ts";
import type { Machine } from "../machines.ts";
import { modelName, shapeName, type NamedModel } from "../modelNames.ts";
import { bestProcessed } from "../processors.ts";
import type { Mix } from "./mixes.ts";
import { paceCurve, type PaceCurve, type Seconds } from "./paceCurve.ts";

/** A model and quantization on a machine, where it ran best. */
interface ModelTests {
  readonly machine: Machine;
  readonly model: NamedModel;
  readonly name: string;
  /** All cases of the model and quantization. */
  readonly cases: readonly CaseRecord[];
  /** The case that counts, of each test. */
  readonly tests: readonly MeasuredRecord[];
}

/** At what pace a machine reads and writes with a model, as far as it was measured at either. */
export interface ModelCurves extends ModelTests {
  readonly reading: PaceCurve | null;
  readonly writing: PaceCurve | null;
}

/** The pace at both reading and writing, which gives an answer its time. */
export interface ModelPace extends ModelTests {
  /** The first test, with the warnings of all: what one test warns of, an answer does. */
  readonly judged: MeasuredRecord;
  readonly reading: PaceCurve;
  readonly writing: PaceCurve;
}

export interface AnswerTime extends Seconds {
  /** Part of it lies beyond the measured depths. */
  readonly extrapolated: boolean;
  /** Share of it in which the prompt is read. */
  readonly readingShare: number;
}

/** Every model and quantization that the machine was measured with. */
export function curvesOf(machine: Machine): ModelCurves[] {
  const groups = groupBy(machine.cases, ({ model }) => modelName(model));
  return [...groups].flatMap(([name, cases]) => {
    const tests = bestOfEachTest(cases);
    const [first] = tests;
    if (first === undefined) return [];
    const [reading, writing] = [paceCurve("prompt", tests), paceCurve("generate", tests)];
    return [{ machine, model: first.model, name, cases, tests, reading, writing }];
  });
}

/** Every model and quantization of which both reading and writing were measured. */
export function pacesOf(machine: Machine): ModelPace[] {
  return curvesOf(machine).flatMap(({ reading, writing, ...own }) => {
    const [first] = own.tests;
    if (first === undefined || reading === null || writing === null) return [];
    const judged = { ...first, warnings: own.tests.flatMap(({ warnings }) => warnings) };
    return [{ ...own, judged, reading, writing }];
  });
}

/**
 * Those that answer with the same model, or where only one machine has that, with one of the same shape: by the names of
 * the models, as pairs are made.
 */
export function byModel(paces: readonly ModelPace[]): Map<string, ModelPace[]> {
  const named = [...groupBy(paces, ({ name }) => name).values()];
  const shared = named.filter((own) => own.length > 1);
  const alone = named.filter((own) => own.length === 1).flat();
  const shapes = groupBy(alone, ({ model }) => shapeName(model));
  const ofOneShape = [...shapes.values()].filter(
    (own) => new Set(own.map(({ machine }) => machine)).size === own.length,
  );
  return new Map(
    [...shared, ...ofOneShape].map((own) => [
      [...new Set(own.map(({ name }) => name))].join(" / "),
      own,
    ]),
  );
}

/** The fastest case of each test, on the GPU before elsewhere; tests that ran only elsewhere are left out. */
function bestOfEachTest(cases: readonly CaseRecord[]): MeasuredRecord[] {
  const tests = groupBy(bestProcessed(cases), ({ workload }) => testName(workload));
  return [...tests.values()].flatMap((same) =>
    same.reduce((best, record) => (record.summary.mean > best.summary.mean ? record : best)),
  );
}

/** Reads the prompt from an empty context, then writes behind it. */
export function answerTime(
  { reading, writing }: Pick<ModelPace, "reading" | "writing">,
  { promptTokens, outputTokens }: Mix,
): AnswerTime {
  const all = promptTokens + outputTokens;
  const read = reading.upTo(promptTokens);
  const [before, after] = [writing.upTo(promptTokens), writing.upTo(all)];
  const low = read.low + after.low - before.low;
  const high = read.high + after.high - before.high;
  return {
    low,
    high,
    extrapolated: promptTokens > reading.end || (outputTokens > 0 && all > writing.end),
    readingShare: (read.low + read.high) / (low + high),
  };
}
