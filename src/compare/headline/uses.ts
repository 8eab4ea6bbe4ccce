/** Who answers sooner, use by use: reading and writing disagree, so that one verdict for all uses would be none. */
import type { Mix } from "../answers/mixes.ts";
import type { Machine } from "../machines.ts";
import type { Range, Stand, Stands, ToldStand } from "./stands.ts";

/** What people do with a model, each as what is read and written for one answer; round figures, chosen by us. */
export const uses = {
  /** A question and its answer. */
  chat: { promptTokens: 800, outputTokens: 400 },
  /** A long document is read, and a page is written about it. */
  documents: { promptTokens: 8192, outputTokens: 400 },
} as const satisfies Record<string, Mix>;

export type Use = keyof typeof uses;
export const useNames = Object.keys(uses) as readonly Use[];

export type UseAnswer =
  /** `times`: how many times as long the next one takes, at least and at most. */
  | { readonly kind: "sooner"; readonly machine: Machine; readonly times: Range }
  /** Their times overlap. */
  | { readonly kind: "near_tie"; readonly machines: readonly Machine[] }
  /** Nothing is known of one of the machines. */
  | { readonly kind: "unknown" };

export function answerOf(use: Use, stands: Stands): UseAnswer {
  return soonest(uses[use], stands);
}

/** Two that overlap by a hair and two that are the same are both a near tie: the ranges are no finer. */
export function soonest(mix: Mix, { stands }: Pick<Stands, "stands">): UseAnswer {
  const told = stands.filter(isTold);
  const times = told.map((stand) => ({
    machine: stand.machine,
    seconds: stand.seconds(mix),
  }));
  const known = times.flatMap(({ machine, seconds }) =>
    seconds === null ? [] : [{ machine, seconds }],
  );
  if (known.length < stands.length || known.length < 2) return { kind: "unknown" };
  const [first, second, ...rest] = known.toSorted((a, b) => a.seconds.high - b.seconds.high);
  if (first === undefined || second === undefined) return { kind: "unknown" };
  const others = [second, ...rest];
  const tied = others.filter(({ seconds }) => seconds.low <= first.seconds.high);
  if (tied.length > 0)
    return { kind: "near_tie", machines: [first, ...tied].map(({ machine }) => machine) };
  const next = others.reduce((a, b) => (b.seconds.low < a.seconds.low ? b : a));
  return {
    kind: "sooner",
    machine: first.machine,
    times: {
      low: next.seconds.low / first.seconds.high,
      high: next.seconds.high / first.seconds.low,
    },
  };
}

function isTold(stand: Stand): stand is ToldStand {
  return stand.kind !== "unknown";
}
