/** Seconds per answer, use by use: of the largest model that several ran, and of the one that memory decides about. */
import type { Alone } from "../../../compare/headline/headline.ts";
import type { Stand } from "../../../compare/headline/stands.ts";
import { uses } from "../../../compare/headline/uses.ts";
import { mixes, tokensOf, type NamedMix } from "../../../compare/answers/mixes.ts";
import { answerTime, byModel, type ModelPace } from "../../../compare/answers/modelPace.ts";
import { hasRoom, isTrainedFor, type TrainedTokens } from "../../../compare/answers/room.ts";
import { threeDigits } from "../../format.ts";
import { dotRows, dotSaid, type Dot } from "../drawing/dotRows.ts";
import type { Figure } from "../drawing/chart.ts";

const usual: readonly NamedMix[] = [
  mixes.chat,
  { ...uses.documents, name: "long document" },
  mixes.code,
  mixes.agent,
];

export interface AnswersAsked {
  readonly paces: readonly ModelPace[];
  readonly alone: Alone | null;
  /** The reader's own, before the usual ones. */
  readonly mixes: readonly NamedMix[];
  readonly trainedTokens: TrainedTokens;
  readonly series: readonly string[];
}

/** Null where no machine's time is known. */
export function answersFigure({
  paces,
  alone,
  mixes: own,
  trainedTokens,
  series,
}: AnswersAsked): Figure | null {
  const told = [...own, ...usual.filter((mix) => !own.some((one) => isSame(one, mix)))];
  const shared = [...byModel(paces)].findLast(
    ([name, of]) => of.length > 1 && name !== alone?.model.name,
  );
  const dots = [
    ...(shared === undefined ? [] : sharedDots(shared[0], shared[1], told, trainedTokens)),
    ...(alone === null ? [] : aloneDots(alone, told, trainedTokens)),
  ];
  if (dots.every(({ value }) => value === null)) return null;
  return {
    id: "answers",
    title: "Answer time by use: seconds until all is read and written (hollow: predicted)",
    spec: dotRows([{ title: "seconds (tokens read → written)", dots }], series),
    facts: dots.map(dotSaid),
  };
}

function isSame(a: NamedMix, b: NamedMix): boolean {
  return a.promptTokens === b.promptTokens && a.outputTokens === b.outputTokens;
}

function groupOf(model: string, { name, promptTokens, outputTokens }: NamedMix): string {
  const tokens = `${promptTokens} → ${outputTokens}`;
  return `${model}, ${name === null ? tokens : `${name} (${tokens})`}`;
}

function sharedDots(
  model: string,
  paces: readonly ModelPace[],
  told: readonly NamedMix[],
  trainedTokens: TrainedTokens,
): Dot[] {
  return told.flatMap((mix) => {
    const tokens = tokensOf(mix);
    if (!paces.every((pace) => isTrainedFor(pace, mix.promptTokens, trainedTokens))) return [];
    return paces.map((pace) => {
      const place = { group: groupOf(model, mix), series: pace.machine.label };
      return hasRoom(pace, tokens)
        ? { ...place, ...timeDot(answerTime(pace, mix), false) }
        : { ...place, ...noneDot(`does not hold ${tokens} tokens on its GPU`) };
    });
  });
}

function aloneDots(
  { model, stands }: Alone,
  told: readonly NamedMix[],
  trainedTokens: TrainedTokens,
): Dot[] {
  return told.flatMap((mix) => {
    if (!isTrainedFor(model, mix.promptTokens, trainedTokens)) return [];
    return stands.map((stand) => ({
      group: groupOf(model.name, mix),
      series: stand.machine.label,
      ...standDot(stand, mix),
    }));
  });
}

function standDot(stand: Stand, mix: NamedMix): Omit<Dot, "group" | "series"> {
  if (stand.kind === "unknown") return noneDot("not on its GPU, and nothing more is known");
  const seconds = stand.seconds(mix);
  if (seconds === null) return noneDot("no time is known");
  return timeDot(seconds, stand.kind === "predicted");
}

type Told = Omit<Dot, "group" | "series">;

function noneDot(note: string): Told {
  return { value: null, label: "", note };
}

function timeDot(
  { low, high }: { readonly low: number; readonly high: number },
  predicted: boolean,
): Told {
  const [from, to] = [threeDigits(low), threeDigits(high)];
  return {
    value: Math.sqrt(low * high),
    low,
    high,
    label: from === to ? `${from} s` : `${from}–${to} s`,
    predicted,
  };
}
