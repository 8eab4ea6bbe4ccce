/** Seconds per answer, as sentences. */
import { groupBy } from "../../base/groupBy.ts";
import { threeDigits } from "../phrases.ts";
import { answerTime, sooner, turnOf } from "./answers.ts";
import type { Answerer, AnswerTime, Turn } from "./answers.ts";
import type { Workload } from "./mixes.ts";

/** One sentence for each model that two machines or more ran. */
export function answerSentences(answerers: readonly Answerer[], workload: Workload): string[] {
  return [...groupBy(answerers, ({ name }) => name)].flatMap(([name, own]) =>
    own.length < 2 ? [] : [sentence(name, own, workload)],
  );
}

function sentence(name: string, answerers: readonly Answerer[], workload: Workload): string {
  const timed = answerers.map((answerer) => ({ answerer, time: answerTime(answerer, workload) }));
  const parts = timed.map(({ answerer, time }) => `${answerer.machine.label} ${secondsText(time)}`);
  const [first, ...others] = timed;
  const duels = others.flatMap((other) =>
    first === undefined ? [] : [duel(first, other, workload)],
  );
  return `${titleOf(workload)}, ${name}: ${parts.join(", ")} an answer; ${duels.join("; ")}.`;
}

function titleOf({ name, promptTokens, outputTokens }: Workload): string {
  const sizes = `${promptTokens} tokens read, ${outputTokens} written`;
  return name.includes(":") ? `With ${sizes}` : `${name} (${sizes})`;
}

/** `12.3 s`, or `12.3 to 15.1 s (extrapolated)`. */
export function secondsText({ low, high, extrapolated }: AnswerTime): string {
  const [from, to] = [threeDigits(low), threeDigits(high)];
  const span = from === to ? `${from} s` : `${from} to ${to} s`;
  return extrapolated ? `${span} (extrapolated)` : span;
}

interface Timed {
  readonly answerer: Answerer;
  readonly time: AnswerTime;
}

function duel(a: Timed, b: Timed, workload: Workload): string {
  const winner = sooner(a.time, b.time);
  const [first, second] = [a.answerer.machine.label, b.answerer.machine.label];
  const total = workload.promptTokens + workload.outputTokens;
  const turn = turnWords(turnOf(a.answerer, b.answerer, total), total);
  if (winner === null) return `${first} and ${second} can't be told apart${turn}`;
  return `${winner === "a" ? first : second} answers sooner than ${winner === "a" ? second : first}${turn}`;
}

function turnWords(turn: Turn, totalTokens: number): string {
  if (turn.kind !== "turn")
    return turn.kind === "always" ? `, whatever the mix of ${totalTokens} tokens` : "";
  const [low, high] = [threeDigits(turn.low), threeDigits(turn.high)];
  const at = Number.isFinite(turn.high) ? `between ${low} and ${high}` : `above ${low}`;
  return `; the winner changes ${at} tokens read for each one written`;
}
