/** How near cases come to what the machine's memory and arithmetic were measured to do, in words. */
import type { CaseRecord } from "../bench/record.ts";
import type { WorkloadKind } from "../bench/workload.ts";
import { caseName } from "./caseName.ts";

/** More in a row nobody reads; the column has all. */
const mostSentences = 12;

const takes: Partial<Record<WorkloadKind, readonly [what: string, of: string]>> = {
  generate: ["decode", "what this memory gives"],
  prompt: ["prefill", "what this arithmetic gives"],
  train: ["training", "what this arithmetic gives"],
};

/** Beyond this the roof was held back, not the model raised. */
const most = 1.1;

const doubt =
  "something held the machine back when that was measured; measure it again with --suite roofline";

/** `tinyllama-1.1b q4_0, tg128: decode takes 83% of what this memory gives.` None of cases without a roof. */
export function roofSentences(cases: readonly CaseRecord[]): string[] {
  const all = cases.flatMap((record) => {
    const words = takes[record.workload.kind];
    if (record.shareOfRoof === null || words === undefined) return [];
    const [what, of] = words;
    const told = `${caseName(record)}: ${what} takes ${shareText(record.shareOfRoof)} of ${of}`;
    return [record.shareOfRoof > most ? `${told}: ${doubt}.` : `${told}.`];
  });
  return all.slice(0, mostSentences);
}

/** `83%`. */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
