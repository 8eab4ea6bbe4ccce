/** Seconds per answer, as sentences. */
import { groupBy } from "../../base/groupBy.ts";
import { listed, threeDigits } from "../phrases.ts";
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
  const outcomes = groupBy(
    first === undefined
      ? []
      : others.map((other) => ({ other, says: outcomeOf(first, other, workload) })),
    ({ says }) => `${says.verb.one}${says.turn}`,
  );
  const duels = [...outcomes.values()].map((group) => {
    const labels = listed(group.map(({ other }) => other.answerer.machine.label));
    const [{ says } = { says: null }] = group;
    const verb = group.length > 1 ? says?.verb.several : says?.verb.one;
    return `${labels} ${verb} ${first?.answerer.machine.label}${says?.turn}`;
  });
  return `${titleOf(workload)}, ${name}: ${parts.join(", ")} per answer; ${duels.join("; ")}.`;
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

/** What the other machines do, one or several. */
const verbs = {
  sooner: { one: "answers sooner than", several: "answer sooner than" },
  later: { one: "answers later than", several: "answer later than" },
  alike: { one: "can't be told apart from", several: "can't be told apart from" },
} as const;

function outcomeOf(first: Timed, other: Timed, workload: Workload) {
  const winner = sooner(first.time, other.time);
  const total = workload.promptTokens + workload.outputTokens;
  const kind = winner === null ? "alike" : winner === "a" ? "later" : "sooner";
  const turn = turnWords(turnOf(first.answerer, other.answerer, total), total);
  return { verb: verbs[kind], turn };
}

function turnWords(turn: Turn, totalTokens: number): string {
  if (turn.kind !== "turn")
    return turn.kind === "always" ? `, whatever the mix of ${totalTokens} tokens` : "";
  const [low, high] = [threeDigits(turn.low), threeDigits(turn.high)];
  const at = Number.isFinite(turn.high) ? `between ${low} and ${high}` : `above ${low}`;
  return `; the winner changes ${at} tokens read for each one written`;
}
