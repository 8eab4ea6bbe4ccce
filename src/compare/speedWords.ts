/** Who is faster, by how much, in how many cases: sentences that hold over all the pairs they speak of. */
import { groupBy } from "../base/groupBy.ts";
import type { Pair } from "./comparison.ts";
import { jointAnswers, jointLeads } from "./jointAnswers.ts";
import type { JointAnswer } from "./jointAnswers.ts";
import { count, extent, geometricMean, gib, listed, range, threeDigits } from "./phrases.ts";
import { placementOf } from "./placement.ts";
import { isSpeedPair, modelName, workNames, workOf, works } from "./work.ts";
import type { Work } from "./work.ts";

/** A sentence for each kind of work; none for work that not both did. */
export function speedSentences(pairs: readonly Pair[], practical: number): string[] {
  return works.flatMap((work) => {
    const own = pairs.filter((pair) => workOf(pair) === work);
    const both = own.filter(isSpeedPair);
    return both.length === 0 ? [] : [speedSentence(work, both, own, practical)];
  });
}

function speedSentence(
  work: Work,
  pairs: readonly Pair[],
  all: readonly Pair[],
  practical: number,
): string {
  const answers = jointAnswers(pairs, practical);
  const [baseline, other] = pairs[0]?.machines ?? [];
  const left = all.filter((pair) => !isSpeedPair(pair) && pair.verdict !== "none_runs").length;
  const decided = answers.some((answer) => answer !== null);
  const notes = [
    ...(pairs.length > 1 && decided ? [`geometric mean ${overall(pairs)}`] : []),
    ...(pairs.filter(({ interval }) => interval !== null).length > 1
      ? ["Holm's correction applied"]
      : []),
    ...(left > 0
      ? [
          `aside from ${count(left, "case")} that only one ran or held on its GPU, or that can't be compared`,
        ]
      : []),
  ];
  const aside = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  const sides = listed([baseline?.label ?? "", other?.label ?? ""]);
  const parts = partsOf(pairs, answers, practical);
  return `${workNames[work]}, ${sides}, ${scope(pairs)}: ${parts.join("; ")}${aside}.`;
}

/** Each pair in one part. */
function partsOf(
  pairs: readonly Pair[],
  answers: readonly JointAnswer[],
  practical: number,
): string[] {
  const [baseline, other] = pairs[0]?.machines ?? [];
  const said = (answer: JointAnswer) => pairs.filter((_, i) => answers[i] === answer);
  const open = said(null);
  const leads = jointLeads(open);
  const ahead = (side: "baseline" | "other") => open.filter((_, i) => leads[i] === side);
  const rest = open.filter((_, i) => leads[i] === null);
  const share = `${+(practical * 100).toFixed(2)}%`;
  const unsure = `though not surely by more than ${share}`;
  return [
    wins(baseline?.label, said("baseline"), pairs),
    wins(other?.label, said("other"), pairs),
    some(said("equivalent"), pairs, (n) => `${n} within ${share} of each other`),
    some(ahead("baseline"), pairs, (n) => `${baseline?.label} is ahead in ${n}, ${unsure}`),
    some(ahead("other"), pairs, (n) => `${other?.label} is ahead in ${n}, ${unsure}`),
    some(lacking(rest, "spread"), pairs, (n) => `${n} undecided, without a known spread`),
    some(
      lacking(rest, "builds"),
      pairs,
      (n) => `${n} undecided between builds too far apart or unknown`,
    ),
    some(lacking(rest, null), pairs, (n) => `${n} can't be told apart`),
  ].filter((part) => part !== null);
}

function lacking(pairs: readonly Pair[], what: Pair["lacking"]): Pair[] {
  return pairs.filter((pair) => pair.lacking === what);
}

/** `8 cases that both ran on their GPUs`. */
function scope(pairs: readonly Pair[]): string {
  const places = new Set(pairs.flatMap(({ sides }) => sides.map(({ row }) => placementOf(row))));
  const where = {
    gpu: " on their GPUs",
    cpu: " on their CPUs",
    "gpu+cpu": " with layers on the CPU",
  };
  const [only] = places.size === 1 ? [...places] : [];
  return `${count(pairs.length, "case")} that both ran${only ? where[only] : ""}`;
}

/** In their winner's favour. */
function wins(
  label: string | undefined,
  won: readonly Pair[],
  all: readonly Pair[],
): string | null {
  if (label === undefined || won.length === 0) return null;
  const ratios = won.map(({ ratio }) => Math.exp(Math.abs(ratio?.log ?? 0)));
  const sizes = won.flatMap(({ bytes }) => bytes ?? []);
  const span = sizes.length === 0 ? "" : `, ${sizeSpan(sizes)}`;
  const share = all.length === 1 ? "" : won.length === all.length ? " in all" : ` in ${won.length}`;
  return `${label} is faster${share}, ${range(ratios)} times${span} (${listed(casesOf(won, all))})`;
}

function sizeSpan(sizes: readonly number[]): string {
  const [low, high] = extent(sizes).map(gib);
  return low === high ? `at ${low}` : `from ${low} to ${high}`;
}

function some(
  pairs: readonly Pair[],
  all: readonly Pair[],
  words: (count: number) => string,
): string | null {
  return pairs.length === 0 ? null : `${words(pairs.length)} (${listed(casesOf(pairs, all))})`;
}

const named = ({ model, quantization }: Pair) => modelName(model, quantization);

/** Models, with their tests where only some of a model's are meant. */
function casesOf(pairs: readonly Pair[], all: readonly Pair[]): string[] {
  const counts = groupBy(all, named);
  return Array.from(groupBy(pairs, named), ([name, own]) =>
    own.length === counts.get(name)?.length
      ? name
      : `${name} ${own.map(({ test }) => test).join("/")}`,
  );
}

function overall(pairs: readonly Pair[]): string {
  const mean = geometricMean(pairs.map(({ ratio }) => Math.exp(ratio?.log ?? 0)));
  const [baseline, other] = pairs[0]?.machines ?? [];
  return `${threeDigits(mean >= 1 ? mean : 1 / mean)} times in favour of ${(mean >= 1 ? other : baseline)?.label}`;
}
