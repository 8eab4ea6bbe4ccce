/** The answer at a glance: two large numbers, what each machine holds, and who answers sooner in which use. */
import { works, type Contest, type Work } from "../../compare/headline/bothHold.ts";
import type { Alone, Headline } from "../../compare/headline/headline.ts";
import type { Ranking } from "../../compare/headline/ranking.ts";
import type { Range, Stand } from "../../compare/headline/stands.ts";
import { useNames, uses, type Use } from "../../compare/headline/uses.ts";
import type { Machine } from "../../compare/machines.ts";
import { isBeyondGpu, measuredWork, modelsOn } from "../../compare/modelOnMachine.ts";
import { trainedCases } from "../../compare/training.ts";
import { escapeHtml } from "../escape.ts";
import { plain, threeDigits } from "../format.ts";
import { gib, listed, rangeText } from "./words/phrases.ts";
import { workVerbs } from "./words/heldByAll.ts";

interface Numeral {
  readonly value: string;
  readonly text: string;
}

/** Empty where nothing is compared. */
export function verdictBlock(answer: Headline | null, machines: readonly Machine[]): string {
  const numerals = answer === null ? [] : numeralsOf(answer);
  const alone = answer?.alone ?? null;
  return [
    '<section class="verdict" aria-label="The answer at a glance">',
    ...(numerals.length === 0
      ? []
      : [`<div class="numerals">\n${numerals.map(numeral).join("\n")}\n</div>`]),
    usesList(alone),
    `<ul class="machines">\n${machines.map((machine) => card(machine, answer)).join("\n")}\n</ul>`,
    "</section>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function numeral({ value, text }: Numeral): string {
  return `<p><strong>${escapeHtml(plain(value))}</strong> ${escapeHtml(plain(text))}</p>`;
}

/** What all hold, by writing and by reading; where they hold nothing in common, the largest model that one holds. */
function numeralsOf({ shared, alone }: Headline): Numeral[] {
  if (shared === null) return alone === null ? [] : aloneNumerals(alone);
  switch (shared.kind) {
    case "both": {
      const models = listed(shared.models, 2);
      return works.flatMap((work) => {
        const contest = shared.contests[work];
        return contest === null ? [] : [contestNumeral(contest, work, models)];
      });
    }
    case "most":
      return works.flatMap((work) => {
        const ranking = shared.rankings[work];
        return ranking === null ? [] : [rankingNumeral(ranking, work, shared.model)];
      });
    default:
      return shared satisfies never;
  }
}

function contestNumeral(contest: Contest, work: Work, models: string): Numeral {
  switch (contest.kind) {
    case "won":
      return {
        value: `×${rangeText(contest.times)}`,
        text: `${contest.winner.label} ${workVerbs[work]} faster what both hold: ${models}`,
      };
    case "divided":
      return contest.won.length === 0
        ? { value: "no winner", text: `neither surely ${workVerbs[work]} faster: ${models}` }
        : { value: "divided", text: `neither ${workVerbs[work]} faster throughout: ${models}` };
    default:
      return contest satisfies never;
  }
}

function rankingNumeral({ test, placed }: Ranking, work: Work, model: string): Numeral {
  const [first, second] = placed;
  const next =
    second === undefined ? "" : `; next ${second.machine.label}, ${threeDigits(second.speed)}`;
  return {
    value: `${threeDigits(first?.speed ?? 0)} t/s`,
    text: `${first?.machine.label ?? ""} ${workVerbs[work]} ${model} fastest (${test})${next}`,
  };
}

function aloneNumerals({ model, stands, promptTokens }: Alone): Numeral[] {
  const [first] = stands;
  if (first === undefined || first.kind === "unknown") return [];
  const { machine, writing, reading, firstWord } = first;
  const speed = (range: Range, work: Work): Numeral => ({
    value: `${rangeText(range)} t/s`,
    text: `${machine.label} ${workVerbs[work]} ${model.name}`,
  });
  return [
    ...(writing === null ? [] : [speed(writing, "generate")]),
    ...(reading === null ? [] : [speed(reading, "prompt")]),
    ...(firstWord === null
      ? []
      : [
          {
            value: `${rangeText(firstWord)} s`,
            text: `until its first word after ${promptTokens} tokens`,
          },
        ]),
  ];
}

const useWords = {
  chat: "Chat",
  documents: "Long documents",
} as const satisfies Record<Use, string>;

function usesList(alone: Alone | null): string {
  if (alone === null) return "";
  const items = useNames.flatMap((use) => {
    const answer = alone.answers[use];
    const { promptTokens, outputTokens } = uses[use];
    const who =
      answer.kind === "sooner"
        ? `${answer.machine.label} answers sooner`
        : answer.kind === "near_tie"
          ? `${listed(answer.machines.map(({ label }) => label))} are near a tie`
          : null;
    return who === null
      ? []
      : [
          `<dt>${useWords[use]} <span class="soft">(${promptTokens} read, ${outputTokens} written)</span></dt><dd>${escapeHtml(plain(who))}</dd>`,
        ];
  });
  if (items.length === 0) return "";
  return `<p class="soft">With ${escapeHtml(plain(alone.model.name))}, the largest that not all hold:</p>\n<dl class="uses">\n${items.join("\n")}\n</dl>`;
}

interface Badge {
  readonly kind: "whole" | "part" | "unknown";
  readonly text: string;
}

const marks = { whole: "✓", part: "◐", unknown: "?" } as const satisfies Record<
  Badge["kind"],
  string
>;

function card(machine: Machine, answer: Headline | null): string {
  const { label, gpu, cpu, ramBytes, gpuBudgetBytes } = machine;
  const memory =
    gpuBudgetBytes === null
      ? ramBytes === null
        ? []
        : [`${gib(ramBytes)} of RAM`]
      : [`${gib(gpuBudgetBytes)} for its GPU`];
  const facts = [...(gpu === null && cpu === null ? [] : [gpu ?? cpu ?? ""]), ...memory];
  const { kind, text } = badgeOf(machine, answer);
  const about =
    facts.length === 0 ? "" : ` <span class="soft">${escapeHtml(plain(facts.join(", ")))}</span>`;
  const badge = `<span class="badge ${kind}"><span aria-hidden="true">${marks[kind]}</span> ${escapeHtml(plain(text))}</span>`;
  return `<li><strong>${escapeHtml(plain(label))}</strong>${about}${badge}</li>`;
}

/** What a machine holds of the model that memory decides about; without one, what it has results of. */
function badgeOf(machine: Machine, answer: Headline | null): Badge {
  const alone = answer?.alone ?? null;
  if (alone === null) return ownBadge(machine);
  const { name } = alone.model;
  const stand = alone.stands.find((one) => one.machine.label === machine.label);
  return stand === undefined
    ? { kind: "unknown", text: `not known to hold ${name}` }
    : { kind: standKinds[stand.kind], text: standText(stand, name) };
}

function ownBadge(machine: Machine): Badge {
  const models = modelsOn(machine);
  const beyond = models.filter(isBeyondGpu).map(({ name }) => name);
  const ran = models.filter((model) => measuredWork(model).length > 0);
  if (beyond.length > 0)
    return { kind: "part", text: `does not hold ${listed(beyond, 2)} on its GPU` };
  const trained = [...new Set(trainedCases(machine).map(({ model }) => model.id))];
  if (ran.length === 0 && trained.length > 0)
    return { kind: "whole", text: `trained ${listed(trained, 3)}` };
  return ran.length === 0
    ? { kind: "unknown", text: "nothing was measured on it" }
    : {
        kind: "whole",
        text: `ran ${listed(
          ran.map(({ name }) => name),
          3,
        )}`,
      };
}

const standKinds = {
  held: "whole",
  ran: "part",
  predicted: "part",
  unknown: "part",
} as const satisfies Record<Stand["kind"], Badge["kind"]>;

function standText(stand: Stand, model: string): string {
  switch (stand.kind) {
    case "held":
      return `holds ${model}`;
    case "ran":
      return `ran ${model} with layers on its CPU`;
    case "predicted":
      return `${model}: ${stand.offload.cpuLayers} of ${stand.offload.allLayers} layers on its CPU`;
    case "unknown":
      return `does not hold ${model} on its GPU`;
    default:
      return stand satisfies never;
  }
}
