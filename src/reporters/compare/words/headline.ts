/** The first words of a comparison: what all hold, what only some hold, what it rests on; each a sentence or two. */
import { count } from "../../../base/count.ts";
import { groupBy } from "../../../base/groupBy.ts";
import type { Claim } from "../../../compare/claim.ts";
import {
  works,
  type BothHold,
  type Contest,
  type Work,
} from "../../../compare/headline/bothHold.ts";
import type { Alone, Headline } from "../../../compare/headline/headline.ts";
import type { MostHold, Ranking } from "../../../compare/headline/ranking.ts";
import type { Stand, ToldStand } from "../../../compare/headline/stands.ts";
import { useNames, type Use, type UseAnswer } from "../../../compare/headline/uses.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelName } from "../../../compare/modelNames.ts";
import type { LargestOnBoth } from "../../../compare/ranOnBoth.ts";
import { threeDigits } from "../../format.ts";
import { originSentence } from "./origin.ts";
import { listed, rangeText } from "./phrases.ts";

/** Empty where nothing can be compared. */
export function headlineSentences(headline: Headline): string[] {
  const { shared, alone, claim, machines } = headline;
  const lines = [
    ...(shared === null ? [] : [sharedSentence(shared)]),
    ...(alone === null ? [] : [aloneSentence(alone)]),
    ...(claim === null ? [] : [thesis(claim, alone)]),
  ];
  return lines.length === 0 ? [] : [...lines, originSentence(machines)];
}

function sharedSentence(shared: NonNullable<Headline["shared"]>): string {
  switch (shared.kind) {
    case "both":
      return bothSentence(shared);
    case "most":
      return mostSentence(shared);
    default:
      return shared satisfies never;
  }
}

export const workVerbs = {
  generate: "writes",
  prompt: "reads",
} as const satisfies Record<Work, string>;

const nouns = { generate: "writing", prompt: "reading" } as const satisfies Record<Work, string>;

/** `llama-3-8b q4_k_m, which both hold: rtx-4090-24gb writes 2.43–3.06 and reads 7.99–12.2 times as fast.` */
function bothSentence({ models, contests }: BothHold): string {
  const { generate, prompt } = contests;
  const subject = `${listed(shortNames(models), 3)}, which both hold`;
  if (generate?.kind === "won" && prompt?.kind === "won" && generate.winner === prompt.winner) {
    const [writes, reads] = [times(generate), times(prompt)];
    return `${subject}: ${generate.winner.label} writes ${writes} and reads ${reads} times as fast.`;
  }
  const parts = works.flatMap((work) => {
    const contest = contests[work];
    return contest === null ? [] : [contestText(contest, work)];
  });
  return `${subject}: ${parts.join("; ")}.`;
}

function idOf(name: string | undefined): string | undefined {
  return name?.split(" ")[0];
}

/** `llama-3-8b q4_k_m`, then `f16` of the same model. */
function shortNames(models: readonly string[]): string[] {
  return models.map((name, i) =>
    idOf(models[i - 1]) === idOf(name) ? name.split(" ").slice(1).join(" ") || name : name,
  );
}

function contestText(contest: Contest, work: Work): string {
  switch (contest.kind) {
    case "won":
      return `${contest.winner.label} ${workVerbs[work]} ${times(contest)} times as fast`;
    case "divided": {
      const { won, open } = contest;
      if (won.length === 0)
        return `neither surely ${workVerbs[work]} faster (${count(open, "test")})`;
      const wins = won.map(
        ({ machine, tests }) =>
          `${machine.label} ${workVerbs[work]} faster in ${count(tests, "test")}`,
      );
      const rest =
        open === 0 ? [] : [`${count(open, "test")} of ${nouns[work]} can't be told apart`];
      return listed([...wins, ...rest]);
    }
    default:
      return contest satisfies never;
  }
}

/** `2.43–3.06` over several tests; of one with its interval, `2.67 (2.59–2.74)`. */
function times({ times: range, tests }: Extract<Contest, { readonly kind: "won" }>): string {
  const span = rangeText(range);
  return tests > 1 || range.low === range.high
    ? span
    : `${threeDigits(Math.sqrt(range.low * range.high))} (${span})`;
}

/** `llama-3-8b q4_k_m, which all hold: writes (tg512) a 131, b 107, c 49.0 t/s; reads (pp512) …`. */
function mostSentence({ model, rankings, holders, without }: MostHold): string {
  const parts = works.flatMap((work) => {
    const ranking = rankings[work];
    return ranking === null ? [] : [rankingText(ranking, work)];
  });
  return `${model}, ${whoHolds(holders, without)}: ${parts.join("; ")}.`;
}

const labels = (machines: readonly Machine[]) => machines.map(({ label }) => label);

/** `which all but dgx-spark ran on their GPUs`: of the others nothing is said, they may have other models or tests. */
function whoHolds(holders: MostHold["holders"], without: readonly Machine[]): string {
  if (without.length === 0) return "which all hold";
  return without.length < holders.length
    ? `which all but ${listed(labels(without))} ran on their GPUs`
    : `of which ${listed(labels(holders.map(({ machine }) => machine)))} ran the same test on their GPUs`;
}

function rankingText({ test, placed }: Ranking, work: Work): string {
  const speeds = placed.map(({ machine, speed }) => `${machine.label} ${threeDigits(speed)}`);
  return `${workVerbs[work]} (${test}) ${speeds.join(", ")} t/s`;
}

/** Whose GPU holds the largest model, how fast it is there, what the others would do, and who answers sooner. */
function aloneSentence({ model, stands, promptTokens, answers, isRefused }: Alone): string {
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

const useWords = {
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

/** `"m3-max wins for big-model inference": supported for chat, …`. */
function thesis({ subject, against, answer, alone }: Claim, stands: Alone | null): string {
  const said = `"${subject.machine.label} wins for big-model inference"`;
  const models = listed(
    alone.usable.map(({ name }) => name),
    2,
  );
  switch (answer.kind) {
    case "supported": {
      const holds = `${subject.machine.label} alone holds ${models} on its GPU`;
      const { won, lost } = usesOf(subject.machine, stands);
      if (lost.length === 0) return `${said}: supported, because ${holds}.`;
      const how =
        won.length === 0 ? "not supported" : `supported ${listed(won)}, not ${listed(lost)}`;
      return `${said}: ${how}, because ${holds}, yet ${against.machine.label} with layers on its CPU is at least as soon ${listed(lost)}.`;
    }
    case "refuted":
      return `${said}: not supported, because ${against.machine.label} alone holds what is large here.`;
    case "divided":
      return `${said}: divided, because each alone holds a model that the other does not.`;
    case "slower":
      return `${said}: not supported, because ${against.machine.label} runs what it alone holds faster all the same.`;
    case "too_slow":
      return `${said}: not supported, because what it alone holds is too slow to use.`;
    case "not_written":
      return `${said}: not told here, because what only one of them holds was never measured writing.`;
    case "by_speed":
      return `${said}: ${bySpeedText(answer.largest)}.`;
    default:
      return answer satisfies never;
  }
}

/** Memory doesn't tell the two apart: speed does, at a model that is large for one of them. */
function bySpeedText(largest: LargestOnBoth): string {
  if (largest.kind === "none")
    return "not told here, because no model is known to fit one GPU and not the other, and none was measured writing on both";
  const { pairs, winner, size } = largest;
  switch (size) {
    case "small_for_both":
      return "not tested, because no model here is large for either";
    case "no_budget_known":
      return "not tested, because no GPU budget is known";
    case "large": {
      const models = [...new Set(pairs.map(({ model }) => modelName(model)))];
      const who =
        winner === null ? "neither surely writes faster" : `${winner.label} writes faster`;
      return `decided by speed alone, and with ${listed(models)}, the largest that both ran, ${who}`;
    }
    default:
      return size satisfies never;
  }
}

/** Uses at which the machine surely answers sooner, and those at which it doesn't. */
function usesOf(machine: Machine, alone: Alone | null) {
  const known =
    alone === null ? [] : useNames.filter((use) => alone.answers[use].kind !== "unknown");
  const wins = (use: Use) => {
    const answer = alone?.answers[use];
    return answer?.kind === "sooner" && answer.machine.label === machine.label;
  };
  return {
    won: known.filter(wins).map((use) => useWords[use]),
    lost: known.filter((use) => !wins(use)).map((use) => useWords[use]),
  };
}
