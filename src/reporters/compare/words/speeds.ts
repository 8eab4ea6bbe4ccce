/** Who is faster, by how much, in how many cases: sentences that hold over all the pairs they speak of. */
import { count } from "../../../base/count.ts";
import { groupBy } from "../../../base/groupBy.ts";
import { knownKinds, workloads, type KnownKind } from "../../../bench/workload.ts";
import { sideNames, type Pair } from "../../../compare/comparison.ts";
import type { Lacking, SideName } from "../../../compare/judge/decision.ts";
import { standings, type Standing } from "../../../compare/judge/together.ts";
import {
  groundOf,
  isBySpeed,
  type Ground,
  type SpeedVerdict,
} from "../../../compare/judge/verdict.ts";
import { modelName } from "../../../compare/modelNames.ts";
import { processorsOf, type Processors } from "../../../compare/processors.ts";
import { threeDigits } from "../../format.ts";
import { extent, geometricMean, gib, listed, range } from "./phrases.ts";
import { percent } from "./verdicts.ts";

/** A sentence for each kind of workload, about two machines; none for a kind that not both ran. */
export function speedSentences(pairs: readonly Pair[], practical: number): string[] {
  return knownKinds.flatMap((kind) => {
    const own = pairs.filter(({ workload }) => workload.kind === kind);
    return speedSentence(kind, own, practical);
  });
}

function speedSentence(kind: KnownKind, all: readonly Pair[], practical: number): string[] {
  const pairs = all.filter((pair) => isBySpeed(pair));
  const [first] = pairs;
  if (first === undefined) return [];
  const labels = { baseline: first.baseline.machine.label, other: first.other.machine.label };
  const stood = standings(pairs, practical);
  const parts = partsOf(stood, { pairs, labels, practical });
  const notes = notesOf(stood, all.filter(isLeftAside).length);
  const aside = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  const sides = listed([labels.baseline, labels.other]);
  return [`${workloads[kind].title}, ${sides}, ${scope(pairs)}: ${parts.join("; ")}${aside}.`];
}

/** Whether pairs that the sentence doesn't speak of are worth a word: what ran nowhere is not left aside. */
const leftAside = {
  speed: false,
  processors: true,
  room: true,
  unlike: true,
  nothing: false,
} as const satisfies Record<Ground, boolean>;

function isLeftAside({ verdict }: Pair): boolean {
  return leftAside[groundOf(verdict)];
}

type SpeedPair = Pair & { readonly verdict: SpeedVerdict };

interface Stood {
  readonly pair: SpeedPair;
  readonly standing: Standing;
}

function notesOf(stood: readonly Stood[], left: number): string[] {
  const pairs = stood.map(({ pair }) => pair);
  const decided = stood.some(({ standing }) => isDecided[standing.kind]);
  const withInterval = pairs.filter(({ verdict }) => verdict.ratio.error !== null);
  return [
    ...(pairs.length > 1 && decided ? [`geometric mean ${overall(pairs)}`] : []),
    ...(withInterval.length > 1 ? ["Holm's correction applied"] : []),
    ...(left > 0
      ? [
          `aside from ${count(left, "case")} that only one ran or held on its GPU, or that can't be compared`,
        ]
      : []),
  ];
}

const isDecided = {
  faster: true,
  equivalent: true,
  ahead: false,
  undecided: false,
} as const satisfies Record<Standing["kind"], boolean>;

interface Compared {
  readonly pairs: readonly SpeedPair[];
  readonly labels: Readonly<Record<SideName, string>>;
  readonly practical: number;
}

type PartName = `${"faster" | "ahead"} ${SideName}` | "equivalent" | `undecided ${Lacking}`;

function partOf(standing: Standing): PartName {
  switch (standing.kind) {
    case "faster":
    case "ahead":
      return `${standing.kind} ${standing.side}`;
    case "equivalent":
      return standing.kind;
    case "undecided":
      return `undecided ${standing.lacking}`;
    default:
      return standing satisfies never;
  }
}

type PartWords = (pairs: readonly SpeedPair[], compared: Compared) => string;

/** The words of each part, in the order that they are told. */
const partWords = {
  "faster baseline": wins("baseline"),
  "faster other": wins("other"),
  equivalent: counted((n, { practical }) => `${n} within ${percent(practical)} of each other`),
  "ahead baseline": ahead("baseline"),
  "ahead other": ahead("other"),
  "undecided spread": counted((n) => `${n} undecided, without a known spread`),
  "undecided builds": counted((n) => `${n} undecided between builds too far apart or unknown`),
  "undecided precision": counted((n) => `${n} can't be told apart`),
} as const satisfies Record<PartName, PartWords>;

/** Each pair in one part. */
function partsOf(stood: readonly Stood[], compared: Compared): string[] {
  const parts = groupBy(stood, ({ standing }) => partOf(standing));
  return (Object.keys(partWords) as PartName[]).flatMap((name) => {
    const own = parts.get(name)?.map(({ pair }) => pair);
    return own === undefined ? [] : [partWords[name](own, compared)];
  });
}

function wins(side: SideName): PartWords {
  return (won, { pairs, labels }) => {
    const ratios = won.map(({ verdict }) => Math.exp(Math.abs(verdict.ratio.log)));
    const sizes = won.flatMap(({ bytes }) => bytes ?? []);
    const span = sizes.length === 0 ? "" : `, ${sizeSpan(sizes)}`;
    const all = won.length === pairs.length ? " in all" : ` in ${won.length}`;
    const share = pairs.length === 1 ? "" : all;
    return `${labels[side]} is faster${share}, ${range(ratios)} times${span} (${casesOf(won, pairs)})`;
  };
}

function ahead(side: SideName): PartWords {
  return counted(
    (n, { labels, practical }) =>
      `${labels[side]} is ahead in ${n}, though not surely by more than ${percent(practical)}`,
  );
}

function counted(words: (n: number, compared: Compared) => string): PartWords {
  return (own, compared) => `${words(own.length, compared)} (${casesOf(own, compared.pairs)})`;
}

function sizeSpan(sizes: readonly number[]): string {
  const { low, high } = extent(sizes);
  const [from, to] = [gib(low), gib(high)];
  return from === to ? `at ${from}` : `from ${from} to ${to}`;
}

/** Models, with their tests where only some of a model's are meant. */
function casesOf(pairs: readonly Pair[], all: readonly Pair[]): string {
  const counts = groupBy(all, nameOf);
  const names = Array.from(groupBy(pairs, nameOf), ([name, own]) =>
    own.length === counts.get(name)?.length
      ? name
      : `${name} ${own.map(({ test }) => test).join("/")}`,
  );
  return listed(names);
}

function nameOf({ model }: Pair): string {
  return modelName(model);
}

/** Where each machine computed all of the pairs. */
const theirProcessors = {
  gpu: " on their GPUs",
  "gpu+cpu": " with layers on the CPU",
  cpu: " on their CPUs",
} as const satisfies Record<Processors, string>;

/** `8 cases that both ran on their GPUs`. */
function scope(pairs: readonly Pair[]): string {
  const processors = new Set(
    pairs.flatMap((pair) => sideNames.map((side) => processorsOf(pair[side].record))),
  );
  const [only] = processors.size === 1 ? [...processors] : [];
  return `${count(pairs.length, "case")} that both ran${only ? theirProcessors[only] : ""}`;
}

/** Pairs of one kind have one metric. */
function overall(pairs: readonly SpeedPair[]): string {
  const mean = geometricMean(pairs.map(({ verdict }) => Math.exp(verdict.ratio.log)));
  const [first] = pairs;
  const side = mean >= 1 === (first?.better === "higher") ? "other" : "baseline";
  return `${threeDigits(mean >= 1 ? mean : 1 / mean)} times in favour of ${first?.[side].machine.label}`;
}
