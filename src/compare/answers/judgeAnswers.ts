/** Who of two machines answers sooner, if that is sure: the rule of the pairs, for answers per second. */
import type { MeasuredSide } from "../judge/decision.ts";
import type { Uncertainty } from "../judge/logValue.ts";
import { judge, winnerOf, type Verdict, type VerdictOptions } from "../judge/verdict.ts";
import type { Mix } from "./mixes.ts";
import { answerTime, type AnswerTime, type ModelPace } from "./modelPace.ts";
import type { Seconds } from "./paceCurve.ts";

/** A winner wins although the times were as near to each other as extrapolation allows. */
export function judgeAnswers(
  baseline: ModelPace,
  other: ModelPace,
  mix: Mix,
  options: VerdictOptions,
): Verdict {
  const [a, b] = [answerTime(baseline, mix), answerTime(other, mix)];
  const [secondsA, secondsB] = nearest(a, b);
  const sides = { baseline: sideOf(baseline, a, secondsA), other: sideOf(other, b, secondsB) };
  return judge({ ...sides, better: "higher" }, options).verdict;
}

function nearest(a: Seconds, b: Seconds): readonly [number, number] {
  if (a.high < b.low) return [a.high, b.low];
  if (b.high < a.low) return [a.low, b.high];
  const common = Math.max(a.low, b.low);
  return [common, common];
}

function sideOf(pace: ModelPace, { readingShare }: AnswerTime, seconds: number): MeasuredSide {
  const value = { log: -Math.log(seconds), uncertainty: uncertaintyOf(pace, readingShare) };
  return { record: pace.judged, value };
}

/** Reading and writing of one launch share its luck: their errors add up as they are, not in squares. */
function uncertaintyOf({ reading, writing }: ModelPace, readingShare: number): Uncertainty | null {
  if (reading.error === null || writing.error === null) return null;
  const sd = readingShare * reading.error.sd + (1 - readingShare) * writing.error.sd;
  const freedom = Math.min(reading.error.freedom, writing.error.freedom);
  return { parts: [{ variance: sd ** 2, freedom }], launch: null, source: { kind: "answers" } };
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
  a: ModelPace,
  b: ModelPace,
  totalTokens: number,
  options: VerdictOptions,
): Turn {
  const winners = Array.from({ length: mixesTried + 1 }, (_, i) => {
    const promptTokens = (i / mixesTried) * totalTokens;
    const mix = { promptTokens, outputTokens: totalTokens - promptTokens };
    return winnerOf(judgeAnswers(a, b, mix, options));
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
