/** Seconds per answer, as sentences. */
import { groupBy } from "../../base/groupBy.ts";
import { jointAnswers } from "../jointAnswers.ts";
import type { JointAnswer } from "../jointAnswers.ts";
import { listed, threeDigits } from "../phrases.ts";
import type { Judgement, VerdictOptions } from "../verdict.ts";
import { judgeAnswers, turnOf } from "./answerDuel.ts";
import type { Turn } from "./answerDuel.ts";
import { answerTime, byModel } from "./answers.ts";
import type { Answerer, AnswerTime } from "./answers.ts";
import { tokensOf } from "./mixes.ts";
import type { Workload } from "./mixes.ts";
import { hasRoom, isTrainedFor } from "./room.ts";
import type { TrainedTokens } from "./room.ts";

/** One sentence for each model that two machines or more ran, and one for those that weren't trained for so many tokens. */
export function answerSentences(
  answerers: readonly Answerer[],
  workload: Workload,
  options: VerdictOptions,
  trainedTokens: TrainedTokens,
): string[] {
  const shared = [...byModel(answerers)].filter(([, own]) => own.length > 1);
  const limited = groupBy(shared, ([, [first]]) =>
    first === undefined || isTrainedFor(first, tokensOf(workload), trainedTokens)
      ? null
      : trainedTokens(first.model),
  );
  return [...limited].flatMap(([limit, models]) =>
    limit === null
      ? models.map(([name, own]) => sentence(name, own, workload, options))
      : untrained(models, limit, workload),
  );
}

function untrained(
  models: readonly (readonly [name: string, unknown])[],
  limit: number,
  workload: Workload,
): string {
  const names = models.map(([name]) => name);
  return `${titleOf(workload)}: no time for ${listed(names, names.length)}, trained for ${limit} tokens.`;
}

function sentence(
  name: string,
  answerers: readonly Answerer[],
  workload: Workload,
  options: VerdictOptions,
): string {
  const tokens = tokensOf(workload);
  const able = answerers.filter((answerer) => hasRoom(answerer, tokens));
  const unable = answerers.filter((answerer) => !able.includes(answerer));
  const clauses = [...timesOf(able, workload), ...duelsOf(able, workload, options)];
  return `${titleOf(workload)}, ${name}: ${[...clauses, ...noRoomOf(unable, tokens)].join("; ")}.`;
}

function titleOf({ name, promptTokens, outputTokens }: Workload): string {
  const sizes = `${promptTokens} tokens read, ${outputTokens} written`;
  if (name.includes(":")) return `With ${sizes}`;
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)} (${sizes})`;
}

function timesOf(answerers: readonly Answerer[], workload: Workload): string[] {
  const times = answerers.map(
    (answerer) => `${answerer.machine.label} ${secondsText(answerTime(answerer, workload))}`,
  );
  return times.length === 0 ? [] : [`${times.join(", ")} per answer`];
}

/** `12.3 s`, or `12.3 to 15.1 s (extrapolated)`. */
export function secondsText({ low, high, extrapolated }: AnswerTime): string {
  const [from, to] = [threeDigits(low), threeDigits(high)];
  const span = from === to ? `${from} s` : `${from} to ${to} s`;
  return extrapolated ? `${span} (extrapolated)` : span;
}

/** Each of the others against the first; those of whom the same is said, together. */
function duelsOf(
  [first, ...others]: readonly Answerer[],
  workload: Workload,
  options: VerdictOptions,
): string[] {
  if (first === undefined) return [];
  const judged = others.map((other) => judgeAnswers(first, other, workload, options));
  const answers = jointAnswers(judged, options.practical);
  const said = others.map((other, i) => {
    const { one, several } = verbs[outcomeOf(judged[i], answers[i] ?? null)];
    const turn = turnWords(turnOf(first, other, tokensOf(workload), options), workload);
    return { label: other.machine.label, one, several, turn };
  });
  return [...groupBy(said, ({ one, turn }) => `${one}${turn}`).values()].map((group) => {
    const [{ one, several, turn } = { one: "", several: "", turn: "" }] = group;
    const labels = listed(group.map(({ label }) => label));
    return `${labels} ${group.length > 1 ? several : one} ${first.machine.label}${turn}`;
  });
}

/** What the other machines do, one or several. */
const verbs = {
  sooner: { one: "answers sooner than", several: "answer sooner than" },
  later: { one: "answers later than", several: "answer later than" },
  alike: { one: "can't be told apart from", several: "can't be told apart from" },
  incomparable: { one: "can't be compared with", several: "can't be compared with" },
} as const;

function outcomeOf(judgement: Judgement | undefined, answer: JointAnswer): keyof typeof verbs {
  if (judgement?.verdict === "incomparable") return "incomparable";
  if (answer === "baseline") return "later";
  return answer === "other" ? "sooner" : "alike";
}

function turnWords(turn: Turn, workload: Workload): string {
  if (turn.kind !== "turn")
    return turn.kind === "always" ? `, whatever the mix of ${tokensOf(workload)} tokens` : "";
  const [low, high] = [threeDigits(turn.low), threeDigits(turn.high)];
  const at = Number.isFinite(turn.high) ? `between ${low} and ${high}` : `above ${low}`;
  return `; the winner changes ${at} tokens read for each one written`;
}

/** `a and b do not hold 32000 tokens on their GPUs`; nothing of nobody. */
export function noRoomOf(answerers: readonly Answerer[], tokens: number): string[] {
  if (answerers.length === 0) return [];
  const labels = listed(answerers.map(({ machine }) => machine.label));
  const [verb, whose] = answerers.length > 1 ? ["do", "their GPUs"] : ["does", "its GPU"];
  return [`${labels} ${verb} not hold ${tokens} tokens on ${whose}`];
}
