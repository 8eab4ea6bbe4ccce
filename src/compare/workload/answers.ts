/** Seconds per answer of one workload, for each model on each machine. */
import { groupBy } from "../../base/groupBy.ts";
import type { CaseRow } from "../../results/caseResult.ts";
import type { Machine } from "../machines.ts";
import { extent } from "../phrases.ts";
import { placementRank } from "../placement.ts";
import { modelName } from "../work.ts";
import type { Workload } from "./mixes.ts";
import { paceCurve } from "./paceCurve.ts";
import type { PaceCurve, Seconds } from "./paceCurve.ts";

export interface Answerer {
  readonly machine: Machine;
  readonly model: string;
  readonly quantization: string | null;
  readonly name: string;
  readonly pp: PaceCurve;
  readonly tg: PaceCurve;
}

export interface AnswerTime extends Seconds {
  /** Part of it lies beyond the measured depths. */
  readonly extrapolated: boolean;
}

/** Every model and quantization of which the machine measured both pp and tg, where it ran best. */
export function answerersOf(machine: Machine): Answerer[] {
  const groups = groupBy(machine.rows, ({ model, quantization }) => modelName(model, quantization));
  return [...groups].flatMap(([name, rows]) => {
    const best = bestRows(rows);
    const [first] = best;
    const [pp, tg] = [paceCurve("pp", best), paceCurve("tg", best)];
    if (first === undefined || pp === null || tg === null) return [];
    return [{ machine, name, model: first.model, quantization: first.quantization, pp, tg }];
  });
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
  return {
    low: read.low + after.low - before.low,
    high: read.high + after.high - before.high,
    extrapolated: promptTokens > pp.end || (outputTokens > 0 && all > tg.end),
  };
}

/** Who answers sooner; null where the intervals overlap. */
export function sooner(a: AnswerTime, b: AnswerTime): "a" | "b" | null {
  if (a.high < b.low) return "a";
  return b.high < a.low ? "b" : null;
}

/** Mixes of a fixed number of tokens that are looked at, from nothing read to nothing written. */
const mixesTried = 200;

/**
 * How the winner depends on the mix of a fixed number of tokens: `always` one; or a turn, as prompt tokens per output
 * token between two mixes, further apart where times are extrapolated; or neither can be said.
 */
export type Turn =
  | { readonly kind: "always" | "unclear" }
  | { readonly kind: "turn"; readonly low: number; readonly high: number };

export function turnOf(
  a: Pick<Answerer, "pp" | "tg">,
  b: Pick<Answerer, "pp" | "tg">,
  totalTokens: number,
): Turn {
  const winners = Array.from({ length: mixesTried + 1 }, (_, i) => {
    const promptTokens = (i / mixesTried) * totalTokens;
    const mix = { promptTokens, outputTokens: totalTokens - promptTokens };
    return sooner(answerTime(a, mix), answerTime(b, mix));
  });
  const first = winners.find((winner) => winner !== null);
  const turned = winners.findIndex((winner) => winner !== null && winner !== first);
  if (first === undefined || turned === -1)
    return { kind: first !== undefined && !winners.includes(null) ? "always" : "unclear" };
  const last = winners.slice(0, turned).lastIndexOf(first);
  const ratio = (read: number) => read / (mixesTried - read);
  return { kind: "turn", low: ratio(last), high: ratio(turned) };
}
