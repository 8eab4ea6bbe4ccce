/** Seconds per answer of one workload, for each model on each machine. */
import { groupBy } from "../../base/groupBy.ts";
import type { CaseRow } from "../../results/caseResult.ts";
import type { Machine } from "../machines.ts";
import { extent } from "../phrases.ts";
import { placementRank } from "../placement.ts";
import { shapeName } from "../twins.ts";
import { modelName } from "../work.ts";
import type { Workload } from "./mixes.ts";
import { paceCurve } from "./paceCurve.ts";
import type { PaceCurve, Seconds } from "./paceCurve.ts";

export interface Answerer {
  readonly machine: Machine;
  readonly model: string;
  readonly quantization: string | null;
  readonly name: string;
  /** All rows of the model and quantization. */
  readonly rows: readonly CaseRow[];
  /** Of each test the row that counts. */
  readonly tests: readonly CaseRow[];
  /** The first of them, with the warnings of all: what one test warns of, an answer does. */
  readonly settings: CaseRow;
  readonly pp: PaceCurve;
  readonly tg: PaceCurve;
}

export interface AnswerTime extends Seconds {
  /** Part of it lies beyond the measured depths. */
  readonly extrapolated: boolean;
  /** Share of it in which the prompt is read. */
  readonly readingShare: number;
}

/** Every model and quantization of which the machine measured both pp and tg, where it ran best. */
export function answerersOf(machine: Machine): Answerer[] {
  const groups = groupBy(machine.rows, ({ model, quantization }) => modelName(model, quantization));
  return [...groups].flatMap(([name, rows]) => {
    const tests = bestRows(rows);
    const [first] = tests;
    const [pp, tg] = [paceCurve("pp", tests), paceCurve("tg", tests)];
    if (first === undefined || pp === null || tg === null) return [];
    const { model, quantization } = first;
    const settings = { ...first, warnings: tests.flatMap(({ warnings }) => warnings) };
    return [{ machine, name, model, quantization, rows, tests, settings, pp, tg }];
  });
}

/**
 * Those that answer with the same model, or where only one machine has that, with one of the same shape: by the names of
 * the models, as pairs are made.
 */
export function byModel(answerers: readonly Answerer[]): Map<string, Answerer[]> {
  const named = [...groupBy(answerers, ({ name }) => name).values()];
  const shared = named.filter((own) => own.length > 1);
  const alone = named.filter((own) => own.length === 1).flat();
  const shapes = groupBy(alone, ({ model, quantization }) =>
    modelName(shapeName(model), quantization),
  );
  const twins = [...shapes.values()].filter(
    (own) => new Set(own.map(({ machine }) => machine)).size === own.length,
  );
  return new Map(
    [...shared, ...twins].map((own) => [
      [...new Set(own.map(({ name }) => name))].join(" / "),
      own,
    ]),
  );
}

/** Of each test the fastest row, on the GPU before elsewhere; tests that ran only elsewhere are left out. */
function bestRows(rows: readonly CaseRow[]): CaseRow[] {
  const measured = rows.filter(({ status }) => status === "measured");
  const rank = extent(measured.map(placementRank))[1];
  const placed = measured.filter((row) => placementRank(row) === rank);
  return [...groupBy(placed, ({ test }) => test).values()].flatMap((same) =>
    same.reduce((best, row) => ((row.avg_ts ?? 0) > (best.avg_ts ?? 0) ? row : best)),
  );
}

/** Reads the prompt from an empty context, then writes behind it. */
export function answerTime(
  { pp, tg }: Pick<Answerer, "pp" | "tg">,
  { promptTokens, outputTokens }: Pick<Workload, "promptTokens" | "outputTokens">,
): AnswerTime {
  const all = promptTokens + outputTokens;
  const read = pp.upTo(promptTokens);
  const [before, after] = [tg.upTo(promptTokens), tg.upTo(all)];
  const low = read.low + after.low - before.low;
  const high = read.high + after.high - before.high;
  return {
    low,
    high,
    extrapolated: promptTokens > pp.end || (outputTokens > 0 && all > tg.end),
    readingShare: (read.low + read.high) / (low + high),
  };
}
