/** Every verdict in words: what it is called, and what it rests on. */
import { count } from "../../../base/count.ts";
import { farApartReleases } from "../../../compare/judge/builds.ts";
import {
  ratioWithoutInterval,
  type Inconclusive,
  type SpreadRatio,
} from "../../../compare/judge/decision.ts";
import type { ErrorSource } from "../../../compare/judge/logValue.ts";
import type { MoreMeasuring } from "../../../compare/judge/moreMeasuring.ts";
import type { IncomparableCause, Verdict, VerdictKind } from "../../../compare/judge/verdict.ts";
import type { UnmeasuredRecord } from "../../../bench/record.ts";
import { reasonCell } from "../../../results/codes.ts";
import { statusText } from "./phrases.ts";
import { settingName } from "./settings.ts";

type Of<Kind extends VerdictKind> = Extract<Verdict, { kind: Kind }>;

/** Labels of machines; null where none is meant. */
export interface Named {
  readonly winner: string | null;
  /** The one that has all layers on its GPU, where the other hasn't. */
  readonly onGpu: string | null;
}

interface VerdictWords<Kind extends VerdictKind> {
  /** What a table calls the verdict, with the labels that it names. */
  title(named: Named): string;
  basis(verdict: Of<Kind>): string;
}

const needsRatio = `a verdict needs a ratio beyond ${ratioWithoutInterval}`;
const noSpread = `no spread is known: ${needsRatio}`;

const verdictWords = {
  faster: {
    title: ({ winner }) => `${winner} faster`,
    basis: ({ ratio: { log, error } }) =>
      error === null ? noSpread : intervalBasis({ log, error }),
  },
  equivalent: { title: () => "equivalent", basis: ({ ratio }) => intervalBasis(ratio) },
  inconclusive: { title: () => "inconclusive", basis: lackingBasis },
  only_one_on_gpu: {
    title: ({ winner, onGpu }) =>
      named("only one on its GPU", onGpu) +
      (winner === null || winner === onGpu ? "" : `; ${winner} faster`),
    basis: ({ decision }) => basisOf(decision),
  },
  only_one_runs: {
    title: ({ winner }) => named("only one runs", winner),
    basis: ({ missing }) => whyNot(missing),
  },
  none_runs: {
    title: () => "none runs",
    basis: ({ missing }) => missing.map(whyNot).join(" / "),
  },
  incomparable: { title: () => "incomparable", basis: ({ cause }) => causeBasis(cause) },
} as const satisfies { readonly [Kind in VerdictKind]: VerdictWords<Kind> };

/** The table's row of a verdict, which takes just that verdict. */
function wordsOf({ kind }: Verdict): VerdictWords<VerdictKind> {
  return verdictWords[kind];
}

/** `rtx-4090-24gb faster`, `equivalent`, `only one runs: m3-max-40c-64gb`. */
export function verdictTitle(verdict: Verdict, labels: Named): string {
  return wordsOf(verdict).title(labels);
}

export function basisOf(verdict: Verdict): string {
  return wordsOf(verdict).basis(verdict);
}

function named(title: string, label: string | null): string {
  return label === null ? title : `${title}: ${label}`;
}

function intervalBasis({ error: { sources, freedom } }: SpreadRatio): string {
  const [a, b] = [sourceText(sources[0]), sourceText(sources[1])];
  const sides = a === b ? `${a} each` : `${a} / ${b}`;
  // Beyond a hundred degrees of freedom the t distribution is the normal one to 1%.
  return `Welch on logs: ${sides}${freedom > 100 ? "" : `, ${freedom.toFixed(1)} df`}`;
}

export function sourceText(source: ErrorSource): string {
  switch (source.kind) {
    case "launches":
      return count(source.launches, "launch", "launches");
    case "repetitions":
      return `${source.repetitions} repetitions and ${betweenText(source)}`;
    case "mean_and_sd": {
      const repetitions = `${source.repetitions}${source.assumed ? " assumed" : ""} repetitions`;
      return `mean and sd of ${repetitions} and ${betweenText(source)}`;
    }
    case "answers":
      return "answers per second";
    default:
      return source satisfies never;
  }
}

function betweenText({ betweenLaunches }: { readonly betweenLaunches: number }): string {
  return `${percent(betweenLaunches)} between launches`;
}

/** `3%`, `0.25%`. */
export function percent(share: number): string {
  return `${+(share * 100).toFixed(2)}%`;
}

function lackingBasis(verdict: Inconclusive): string {
  switch (verdict.lacking) {
    case "spread":
      return noSpread;
    case "builds":
      return `${buildsText[verdict.distance]}: ${needsRatio}`;
    case "precision": {
      const { ratio, settledBy, practical } = verdict;
      return `${intervalBasis(ratio)}; ${settlingText(settledBy, practical)}`;
    }
    default:
      return verdict satisfies never;
  }
}

const buildsText = {
  far: `builds more than ${farApartReleases} releases apart`,
  unknown: "builds of unknown distance",
} as const;

function settlingText(more: MoreMeasuring | null, practical: number): string {
  return more === null
    ? `too close to ${percent(practical)} for any number of repetitions in reach`
    : `about ${more.repetitions} repetitions of each, in ${count(more.launches, "launch", "launches")}, would settle it`;
}

function causeBasis(cause: IncomparableCause): string {
  switch (cause.kind) {
    case "settings": {
      const names = cause.settings.map(settingName);
      const differ = names.length === 1 ? "differs" : "differ";
      return `${names.join(", ")} ${differ}; --allow ${names.join(",")} compares all the same`;
    }
    case "spoilt":
      return `the faster row warns of ${cause.warning} and can't win`;
    default:
      return cause satisfies never;
  }
}

/** `does not fit (predicted_oom)`. */
function whyNot(record: UnmeasuredRecord): string {
  const reason = reasonCell(record);
  const status = statusText(record.status);
  return reason === null ? status : `${status} (${reason})`;
}
