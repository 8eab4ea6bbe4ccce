/** The model that only some machines hold, in a few sentences: how fast it is there, what others would do, who answers sooner. */
import { groupBy } from "../../../base/groupBy.ts";
import type { Alone } from "../../../compare/headline/headline.ts";
import type { Stand, ToldStand } from "../../../compare/headline/stands.ts";
import { useNames, type Use, type UseAnswer } from "../../../compare/headline/uses.ts";
import { listed, rangeText } from "./phrases.ts";
import { workVerbs } from "./heldByAll.ts";

/** Whose GPU holds the largest model, how fast it is there, what the others would do, and who answers sooner. */
export function aloneSentence({ model, stands, promptTokens, answers, isRefused }: Alone): string {
  const held = stands.filter(({ kind }) => kind === "held");
  const others = stands.filter(({ kind }) => kind !== "held");
  const [first] = held;
  const holders =
    held.length === 1 && first !== undefined
      ? `only ${first.machine.label} ${isRefused ? "holds it on its GPU" : "ran it wholly on its GPU"}: it ${standText(first, promptTokens)}`
      : `${listed(held.map(({ machine }) => machine.label))} ${isRefused ? "hold it on their GPUs" : "ran it wholly on their GPUs"}: ${held.map((stand) => `${stand.machine.label} ${standText(stand, promptTokens)}`).join("; ")}`;
  const rest = others.map((stand) => `${stand.machine.label} ${standText(stand, promptTokens)}.`);
  return [`${model.name}: ${holders}.`, ...rest, ...usesText(answers)].join(" ");
}

function standText(stand: Stand, promptTokens: number | null): string {
  switch (stand.kind) {
    case "held":
      return toldText(stand, promptTokens);
    case "ran":
      return `with layers on its CPU${stand.box === null ? "" : ` (${stand.box})`} ${toldText(stand, promptTokens)}`;
    case "predicted": {
      const { cpuLayers, allLayers } = stand.offload;
      return `with ${cpuLayers} of ${allLayers} layers on its CPU is predicted: ${toldText(stand, promptTokens)}`;
    }
    case "unknown":
      return "does not hold it on its GPU, and nothing is known of it with layers on the CPU";
    default:
      return stand satisfies never;
  }
}

/** `writes 5.60–7.65 t/s, first word of 8192 tokens after 132 s`; `reads …` where nothing was measured writing. */
function toldText(
  { writing, reading, firstWord }: Pick<ToldStand, "writing" | "reading" | "firstWord">,
  promptTokens: number | null,
): string {
  return [
    ...(writing === null ? [] : [`${workVerbs.generate} ${rangeText(writing)} t/s`]),
    ...(reading === null ? [] : [`${workVerbs.prompt} ${rangeText(reading)} t/s`]),
    ...(firstWord === null || promptTokens === null
      ? []
      : [`first word of ${promptTokens} tokens after ${rangeText(firstWord)} s`]),
  ].join(", ");
}

export const useWords = {
  chat: "for chat",
  documents: "for long documents",
} as const satisfies Record<Use, string>;

/** `For chat m3-max-40c-64gb answers sooner, for long documents rtx-4090-24gb.` */
function usesText(answers: Readonly<Record<Use, UseAnswer>>): string[] {
  const told = useNames.flatMap((use) => {
    const text = answerText(answers[use]);
    return text === null ? [] : [{ use: useWords[use], text }];
  });
  if (told.length === 0) return [];
  const groups = [...groupBy(told, ({ text }) => text)].map(
    ([text, own]) => `${listed(own.map(({ use }) => use))} ${text}`,
  );
  const sentence = groups.join("; ");
  return [`${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`];
}

function answerText(answer: UseAnswer): string | null {
  switch (answer.kind) {
    case "sooner":
      return `${answer.machine.label} answers sooner`;
    case "near_tie":
      return `${listed(answer.machines.map(({ label }) => label))} are near a tie`;
    case "unknown":
      return null;
    default:
      return answer satisfies never;
  }
}
