/** What a table of pairs can't show of their spread: repetitions that were assumed, and how many would settle the open ones. */
import { count } from "../../../base/count.ts";
import { sideNames, type Pair } from "../../../compare/comparison.ts";
import { extent } from "./phrases.ts";

/** A short line each. */
export function spreadNotes(pairs: readonly Pair[]): string[] {
  return [...assumedNote(pairs), ...settleNote(pairs)];
}

function assumedNote(pairs: readonly Pair[]): string[] {
  const assumed = pairs.flatMap((pair) => assumedRepetitions(pair).slice(0, 1));
  const [repetitions] = assumed;
  if (repetitions === undefined) return [];
  return [
    `Repetitions unknown in ${assumed.length} of ${count(pairs.length, "pair")}: ${repetitions} assumed, llama-bench's default.`,
  ];
}

function assumedRepetitions(pair: Pair): number[] {
  return sideNames.flatMap((side) => {
    const source = pair[side].value?.uncertainty?.source;
    return source?.kind === "mean_and_sd" && source.assumed ? [source.repetitions] : [];
  });
}

function settleNote(pairs: readonly Pair[]): string[] {
  const open = pairs.flatMap(({ verdict }) => (verdict.kind === "inconclusive" ? [verdict] : []));
  const needed = open.flatMap((verdict) =>
    verdict.lacking === "precision" ? (verdict.settledBy ?? []) : [],
  );
  if (needed.length === 0) return [];
  const { high: launches } = extent(needed.map((more) => more.launches));
  const { high: repetitions } = extent(needed.map((more) => more.repetitions));
  return [
    `About ${repetitions} repetitions of each, in ${count(launches, "launch", "launches")}, would settle ${needed.length} of ${count(open.length, "pair")} that can't be told apart.`,
  ];
}
