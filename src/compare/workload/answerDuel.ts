/** Who of two machines answers sooner, if that is sure: the rule of the pairs, for answers per second. */
import type { LogSpeed } from "../logSpeed.ts";
import { judge } from "../verdict.ts";
import type { Judgement, Side, VerdictOptions } from "../verdict.ts";
import { answerTime } from "./answers.ts";
import type { Answerer, AnswerTime } from "./answers.ts";
import type { Workload } from "./mixes.ts";
import type { Seconds } from "./paceCurve.ts";

type Mix = Pick<Workload, "promptTokens" | "outputTokens">;

/** A winner wins although the times were as near to each other as extrapolation allows. */
export function judgeAnswers(
  baseline: Answerer,
  other: Answerer,
  mix: Mix,
  options: VerdictOptions,
): Judgement {
  const [a, b] = [answerTime(baseline, mix), answerTime(other, mix)];
  const [secondsA, secondsB] = nearest(a, b);
  return judge(sideOf(baseline, a, secondsA), sideOf(other, b, secondsB), options);
}

function nearest(a: Seconds, b: Seconds): readonly [number, number] {
  if (a.high < b.low) return [a.high, b.low];
  if (b.high < a.low) return [a.low, b.high];
  const common = Math.max(a.low, b.low);
  return [common, common];
}

function sideOf(answerer: Answerer, { readingShare }: AnswerTime, seconds: number): Side {
  const parts = errorParts(answerer, readingShare);
  const speed = { log: -Math.log(seconds), parts, launch: null, basis: "answers per second" };
  return { row: answerer.settings, speed };
}

/** pp and tg of one launch share its luck: their errors add up as they are, not in squares. */
function errorParts({ pp, tg }: Answerer, readingShare: number): LogSpeed["parts"] {
  if (pp.error === null || tg.error === null) return null;
  const sd = readingShare * pp.error.sd + (1 - readingShare) * tg.error.sd;
  return [{ variance: sd ** 2, freedom: Math.min(pp.error.freedom, tg.error.freedom) }];
}

/** Mixes of a fixed number of tokens that are looked at, from nothing read to nothing written. */
const mixesTried = 200;

/**
 * How the winner depends on the mix of a fixed number of tokens: `always` one; or a turn, as prompt tokens per output
 * token between the last mix that one surely wins and the first that the other does; or neither can be said.
 */
export type Turn =
  | { readonly kind: "always" | "unclear" }
  | { readonly kind: "turn"; readonly low: number; readonly high: number };

export function turnOf(
  a: Answerer,
  b: Answerer,
  totalTokens: number,
  options: VerdictOptions,
): Turn {
  const winners = Array.from({ length: mixesTried + 1 }, (_, i) => {
    const promptTokens = (i / mixesTried) * totalTokens;
    const mix = { promptTokens, outputTokens: totalTokens - promptTokens };
    return judgeAnswers(a, b, mix, options).winner;
  });
  const first = winners.find((winner) => winner !== null);
  if (first === undefined) return { kind: "unclear" };
  const turned = winners.findIndex((winner) => winner !== null && winner !== first);
  if (turned === -1) return { kind: winners.includes(null) ? "unclear" : "always" };
  const last = winners.lastIndexOf(first);
  if (last > turned) return { kind: "unclear" };
  const ratio = (read: number) => read / (mixesTried - read);
  return { kind: "turn", low: ratio(last), high: ratio(turned) };
}
