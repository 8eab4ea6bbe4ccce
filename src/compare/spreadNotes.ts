/** What a table of pairs can't show of their spread: repetitions that were assumed, and how many would settle the open ones. */
import type { Pair } from "./comparison.ts";
import { count, extent } from "./phrases.ts";
import { moreMeasuring } from "./settle.ts";
import type { Side } from "./verdict.ts";

/** A short line each. */
export function spreadNotes(pairs: readonly Pair[], practical: number): string[] {
  return [...assumedNote(pairs), ...settleNote(pairs, practical)];
}

function assumedNote(pairs: readonly Pair[]): string[] {
  const assumed = pairs.flatMap(({ sides }) => sides.find(isAssumed)?.speed?.launch ?? []);
  const [first] = assumed;
  if (first === undefined) return [];
  return [
    `Repetitions unknown in ${assumed.length} of ${count(pairs.length, "pair")}: ${first.repetitions} assumed, llama-bench's default.`,
  ];
}

function isAssumed({ row, speed }: Side): boolean {
  const single = (row.launches ?? 1) < 2;
  return single && row.repetitions === null && row.samples_ts.length === 0 && !!speed?.launch;
}

function settleNote(pairs: readonly Pair[], practical: number): string[] {
  const open = pairs.filter(({ verdict }) => verdict === "inconclusive");
  const needed = open.flatMap(({ lacking, sides: [{ speed: baseline }, { speed: other }] }) => {
    if (lacking !== null || baseline === null || other === null) return [];
    return moreMeasuring(baseline, other, practical) ?? [];
  });
  if (needed.length === 0) return [];
  const [, launches] = extent(needed.map((more) => more.launches));
  const [, repetitions] = extent(needed.map((more) => more.repetitions));
  return [
    `About ${repetitions} repetitions of each, in ${launches} launches, would settle ${needed.length} of ${count(open.length, "pair")} that can't be told apart.`,
  ];
}
