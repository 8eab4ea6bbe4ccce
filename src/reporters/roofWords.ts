/** How near cases come to what the machine's memory and arithmetic were measured to do, in words. */
import type { CaseRecord } from "../bench/record.ts";
import type { WorkloadKind } from "../bench/workload.ts";
import { caseName } from "./caseName.ts";

/** More in a row nobody reads; the column has all. */
const mostSentences = 12;

interface RoofWords {
  readonly what: string;
  readonly of: string;
  /** How a case can come to more. */
  readonly doubt: string;
}

const heldBack = "something held the machine back when that was measured";
const again = "measure it again with --suite roofline";

const takes: Partial<Record<WorkloadKind, RoofWords>> = {
  generate: {
    what: "decode",
    of: "what this memory gives",
    doubt: `${heldBack}, or caches hold part of the weights; ${again}`,
  },
  prompt: {
    what: "prefill",
    of: "what this arithmetic gives",
    doubt: `${heldBack}; ${again}`,
  },
  train: {
    what: "training",
    of: "what this arithmetic gives",
    doubt: `${heldBack}; ${again}`,
  },
};

/** Beyond this it is no scatter. */
const most = 1.1;

/** `tinyllama-1.1b q4_0, tg128: decode takes 83% of what this memory gives.` None of cases without a roof. */
export function roofSentences(cases: readonly CaseRecord[]): string[] {
  const all = cases.flatMap((record) => {
    const words = takes[record.workload.kind];
    if (record.shareOfRoof === null || words === undefined) return [];
    const { what, of, doubt } = words;
    const told = `${caseName(record)}: ${what} takes ${shareText(record.shareOfRoof)} of ${of}`;
    return [record.shareOfRoof > most ? `${told}: ${doubt}.` : `${told}.`];
  });
  return all.slice(0, mostSentences);
}

/** `83%`. */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
