/** What all machines hold, in a sentence: who of two is faster, or how fast each of several is. */
import { count } from "../../../base/count.ts";
import {
  works,
  type BothHold,
  type Contest,
  type Work,
} from "../../../compare/headline/bothHold.ts";
import type { Headline } from "../../../compare/headline/headline.ts";
import type { MostHold, Ranking } from "../../../compare/headline/ranking.ts";
import type { Machine } from "../../../compare/machines.ts";
import { threeDigits } from "../../format.ts";
import { listed, rangeText } from "./phrases.ts";

export function sharedSentence(shared: NonNullable<Headline["shared"]>): string {
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
