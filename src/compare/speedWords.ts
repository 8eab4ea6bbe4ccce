/** Who is faster, by how much, in how many cases: sentences that hold over all the pairs they speak of. */
import type { Pair } from "./comparison.ts";
import { jointAnswers } from "./jointAnswers.ts";
import type { JointAnswer } from "./jointAnswers.ts";
import { count, extent, geometricMean, gib, listed, range, threeDigits } from "./phrases.ts";
import { placementOf } from "./placement.ts";
import { isSpeedPair, modelsOf, workNames, workOf, works } from "./work.ts";
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
  const said = (answer: JointAnswer) => pairs.filter((_, i) => answers[i] === answer);
  const [baseline, other] = pairs[0]?.machines ?? [];
  const parts = [
    wins(baseline?.label, said("baseline"), pairs),
    wins(other?.label, said("other"), pairs),
    undecided(said("equivalent"), `within ${+(practical * 100).toFixed(2)}% of each other`),
    undecided(said(null), "can't be told apart"),
  ].filter((part) => part !== null);
  const left = all.filter((pair) => !isSpeedPair(pair) && pair.verdict !== "none_runs").length;
  const decided = answers.some((answer) => answer !== null);
  const notes = [
    ...(pairs.length > 1 && decided ? [`geometric mean ${overall(pairs)}`] : []),
    ...(pairs.length > 1 ? ["Holm's correction applied"] : []),
    ...(left > 0
      ? [
          `aside from ${count(left, "case")} that only one ran or held on its GPU, or that can't be compared`,
        ]
      : []),
  ];
  const aside = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  const sides = listed([baseline?.label ?? "", other?.label ?? ""]);
  return `${workNames[work]}, ${sides}, ${scope(pairs)}: ${parts.join("; ")}${aside}.`;
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
  return `${label} is faster${share}, ${range(ratios)} times${span} (${listed(modelsOf(won))})`;
}

function sizeSpan(sizes: readonly number[]): string {
  const [low, high] = extent(sizes).map(gib);
  return low === high ? `at ${low}` : `from ${low} to ${high}`;
}

function undecided(pairs: readonly Pair[], what: string): string | null {
  return pairs.length === 0 ? null : `${pairs.length} ${what} (${listed(modelsOf(pairs))})`;
}

function overall(pairs: readonly Pair[]): string {
  const mean = geometricMean(pairs.map(({ ratio }) => Math.exp(ratio?.log ?? 0)));
  const [baseline, other] = pairs[0]?.machines ?? [];
  return `${threeDigits(mean >= 1 ? mean : 1 / mean)} times in favour of ${(mean >= 1 ? other : baseline)?.label}`;
}
