/** Seconds per answer, as sentences. */
import { groupBy } from "../../../base/groupBy.ts";
import { judgeAnswers, turnOf, type Turn } from "../../../compare/answers/judgeAnswers.ts";
import { tokensOf, type NamedMix } from "../../../compare/answers/mixes.ts";
import {
  answerTime,
  byModel,
  type AnswerTime,
  type ModelPace,
} from "../../../compare/answers/modelPace.ts";
import { hasRoom, isTrainedFor, type TrainedTokens } from "../../../compare/answers/room.ts";
import { jointAnswers, type JointAnswer } from "../../../compare/judge/together.ts";
import { groundOf, type Verdict, type VerdictOptions } from "../../../compare/judge/verdict.ts";
import { threeDigits } from "../../format.ts";
import { listed } from "./phrases.ts";

/** One sentence for each model that two machines or more ran, and one for those that weren't trained for so many tokens. */
export function answerSentences(
  paces: readonly ModelPace[],
  mix: NamedMix,
  options: VerdictOptions,
  trainedTokens: TrainedTokens,
): string[] {
  const shared = [...byModel(paces)].filter(([, own]) => own.length > 1);
  const limited = groupBy(shared, ([, [first]]) =>
    first === undefined || isTrainedFor(first, tokensOf(mix), trainedTokens)
      ? null
      : trainedTokens(first.model.id),
  );
  return [...limited].flatMap(([limit, models]) =>
    limit === null
      ? models.map(([name, own]) => sentence(name, own, { mix, options }))
      : untrained(models, limit, mix),
  );
}

function untrained(
  models: readonly (readonly [name: string, unknown])[],
  limit: number,
  mix: NamedMix,
): string {
  const names = models.map(([name]) => name);
  return `${titleOf(mix)}: no time for ${listed(names, names.length)}, trained for ${limit} tokens.`;
}

interface Asked {
  readonly mix: NamedMix;
  readonly options: VerdictOptions;
}

function sentence(name: string, paces: readonly ModelPace[], asked: Asked): string {
  const { mix } = asked;
  const tokens = tokensOf(mix);
  const able = paces.filter((pace) => hasRoom(pace, tokens));
  const unable = paces.filter((pace) => !able.includes(pace));
  const clauses = [...timesOf(able, mix), ...orderOf(able, asked), ...noRoomOf(unable, tokens)];
  return `${titleOf(mix)}, ${name}: ${clauses.join("; ")}.`;
}

function titleOf({ name, promptTokens, outputTokens }: NamedMix): string {
  const sizes = `${promptTokens} tokens read, ${outputTokens} written`;
  if (name === null) return `With ${sizes}`;
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)} (${sizes})`;
}

function timesOf(paces: readonly ModelPace[], mix: NamedMix): string[] {
  const times = paces.map((pace) => `${pace.machine.label} ${secondsText(answerTime(pace, mix))}`);
  return times.length === 0 ? [] : [`${times.join(", ")} per answer`];
}

/** `12.3 s`, or `12.3 to 15.1 s (extrapolated)`. */
function secondsText({ low, high, extrapolated }: AnswerTime): string {
  const [from, to] = [threeDigits(low), threeDigits(high)];
  const span = from === to ? `${from} s` : `${from} to ${to} s`;
  return extrapolated ? `${span} (extrapolated)` : span;
}

/** Each of the others against the first; those of whom the same is said, together. */
function orderOf([first, ...others]: readonly ModelPace[], { mix, options }: Asked): string[] {
  if (first === undefined) return [];
  const verdicts = others.map((other) => judgeAnswers(first, other, mix, options));
  const answers = jointAnswers(verdicts, options.practical);
  const said = others.map((other, i) => {
    const { one, several } = verbs[outcomeOf(verdicts[i], answers[i] ?? "open")];
    const turn = turnText(turnOf(first, other, tokensOf(mix), options), mix);
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

const outcomes = {
  baseline: "later",
  other: "sooner",
  equivalent: "alike",
  open: "alike",
} as const satisfies Record<JointAnswer, keyof typeof verbs>;

function outcomeOf(verdict: Verdict | undefined, answer: JointAnswer): keyof typeof verbs {
  return verdict !== undefined && groundOf(verdict) === "unlike"
    ? "incomparable"
    : outcomes[answer];
}

function turnText(turn: Turn, mix: NamedMix): string {
  switch (turn.kind) {
    case "unclear":
      return "";
    case "always":
      return `, whatever the mix of ${tokensOf(mix)} tokens`;
    case "turn": {
      const [low, high] = [threeDigits(turn.low), threeDigits(turn.high)];
      const at = Number.isFinite(turn.high) ? `between ${low} and ${high}` : `above ${low}`;
      return `; the winner changes ${at} tokens read for each one written`;
    }
    default:
      return turn satisfies never;
  }
}

/** `a and b do not hold 32000 tokens on their GPUs`; nothing of nobody. */
function noRoomOf(paces: readonly ModelPace[], tokens: number): string[] {
  if (paces.length === 0) return [];
  const labels = listed(paces.map(({ machine }) => machine.label));
  const [verb, whose] = paces.length > 1 ? ["do", "their GPUs"] : ["does", "its GPU"];
  return [`${labels} ${verb} not hold ${tokens} tokens on ${whose}`];
}
