/** Who is faster at what two machines both hold on their GPUs: an answer for writing, and one for reading. */
import { groupBy } from "../../base/groupBy.ts";
import type { Pair } from "../comparison.ts";
import { ratioInterval } from "../judge/logRatio.ts";
import { standings, type Standing } from "../judge/together.ts";
import { isBySpeed } from "../judge/verdict.ts";
import type { Machine } from "../machines.ts";
import { modelName } from "../modelNames.ts";
import { isOnGpu } from "../processors.ts";
import type { Range } from "./stands.ts";

/** What an answer is made of. */
export const works = ["generate", "prompt"] as const;
export type Work = (typeof works)[number];

export type Contest =
  /** One machine is surely faster in all tests. */
  | {
      readonly kind: "won";
      readonly winner: Machine;
      /** The lowest and the highest ratio of several tests; the 95% interval of one, where that is known. */
      readonly times: Range;
      readonly tests: number;
    }
  /** Each is faster in some, or some are open. */
  | { readonly kind: "divided"; readonly won: readonly Won[]; readonly open: number };

export interface Won {
  readonly machine: Machine;
  readonly tests: number;
}

export interface BothHold {
  /** `llama-3-8b q4_k_m`, smallest first. */
  readonly models: readonly string[];
  /** All pairs of these models. */
  readonly pairs: readonly Pair[];
  /** Null for work that not both did. */
  readonly contests: Readonly<Record<Work, Contest | null>>;
}

/**
 * Null where the two hold no model that both ran.
 * @param pairs of two machines
 * @param practical difference that matters, as a share
 */
export function bothHold(pairs: readonly Pair[], practical: number): BothHold | null {
  const held = pairs.filter(isHeldByBoth);
  const contest = (work: Work) =>
    contestOf(
      held.filter(({ workload }) => workload.kind === work && workload.parallel === 1),
      practical,
    );
  const contests = { generate: contest("generate"), prompt: contest("prompt") };
  if (contests.generate === null && contests.prompt === null) return null;
  return {
    models: [...new Set(held.map(({ model }) => modelName(model)))],
    pairs: held,
    contests,
  };
}

/** Whether both ran it on their GPUs, or as well as machines without one do. */
function isHeldByBoth({ baseline, other }: Pair): boolean {
  return [baseline, other].every(
    ({ record, machine }) => machine.backend === "cpu" || isOnGpu(record),
  );
}

function contestOf(all: readonly Pair[], practical: number): Contest | null {
  const pairs = all.filter((pair) => isBySpeed(pair));
  const [first] = pairs;
  if (first === undefined) return null;
  const stood = standings(pairs, practical);
  const sides = groupBy(stood, ({ standing }) => winnerOf(standing));
  const won = (["baseline", "other"] as const).flatMap((side): Won[] => {
    const tests = sides.get(side)?.length ?? 0;
    return tests === 0 ? [] : [{ machine: first[side].machine, tests }];
  });
  const [only] = won;
  if (only?.tests !== pairs.length)
    return { kind: "divided", won, open: sides.get(null)?.length ?? 0 };
  const ratios = pairs.map(({ verdict }) => Math.exp(Math.abs(verdict.ratio.log)));
  const interval = pairs.length === 1 ? ratioInterval(first.verdict.ratio) : null;
  const times =
    interval === null ? { low: Math.min(...ratios), high: Math.max(...ratios) } : upright(interval);
  return { kind: "won", winner: only.machine, times, tests: pairs.length };
}

function winnerOf(standing: Standing) {
  switch (standing.kind) {
    case "faster":
      return standing.side;
    case "equivalent":
    case "ahead":
    case "undecided":
      return null;
    default:
      return standing satisfies never;
  }
}

/** The winner's speed over the other's, whichever of them is the baseline. */
function upright({ low, high }: Range): Range {
  return low >= 1 ? { low, high } : { low: 1 / high, high: 1 / low };
}
