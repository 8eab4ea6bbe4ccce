/** How fast each machine is over the model's size, up to the wall of its memory and behind it. */
import type { FamilyName } from "../../predict/families/families.ts";
import type { Estimate, Work } from "../../predict/families/predictedMachine.ts";
import type { Runner, Runners, Size } from "./runners.ts";
import { stretchesOf, type SizeRange, type Stretch } from "./stretches.ts";

/** `raised`: on a Mac's GPU, if its owner raises Metal's limit. */
export type Place = "held" | "raised" | "offloaded";

export interface CliffPoint {
  readonly weightsBytes: number;
  /** Weights and KV cache. */
  readonly neededBytes: number;
  readonly seconds: Estimate;
}

export interface CliffLine {
  readonly label: string;
  /** Each in the order of sizes; empty for places that no size is in. */
  readonly points: Readonly<Record<Place, readonly CliffPoint[]>>;
}

export interface Flip {
  /** The fastest of small models, and of the larger ones. */
  readonly before: string;
  readonly after: string;
  /** Bytes of weights and KV cache between which it isn't sure who is faster. */
  readonly from: number;
  readonly to: number;
}

export interface Cliff {
  readonly lines: readonly CliffLine[];
  readonly flips: readonly Flip[];
}

export interface CliffQuestion {
  readonly family: FamilyName;
  /** Tokens that the context is made for. */
  readonly contextTokens: number;
  readonly work: Work;
}

/** Sizes that are asked about, by their ratio; where a machine stops holding them, to a finer one. */
const step = 1.12;
const finest = 1.005;

export function cliffOf(runners: Runners, sizes: SizeRange, question: CliffQuestion): Cliff {
  const stretches = stretchesOf(runners, sizes, question);
  return {
    lines: runners.all.map((runner) => lineOf(runners, runner, sizes, question)),
    flips: flipsOf(stretches, (weightsBytes) =>
      runners.neededBytes({ ...question, weightsBytes }),
    ),
  };
}

function lineOf(
  runners: Runners,
  runner: Runner,
  { from, to }: SizeRange,
  { family, contextTokens, work }: CliffQuestion,
): CliffLine {
  const sizeOf = (weightsBytes: number): Size => ({ family, weightsBytes, contextTokens });
  const placeOf = (bytes: number) => {
    const placed = runners.placed(runner, sizeOf(bytes));
    return placed === null ? null : placed.held ? "held" : "offloaded";
  };
  const steps = Math.ceil(Math.log(to / from) / Math.log(step));
  const even = Array.from({ length: steps + 1 }, (_, i) => from * (to / from) ** (i / steps));
  const bytes = even.flatMap((size, i) => {
    const before = even[i - 1];
    return before === undefined ? [size] : [...edge(placeOf, before, size), size];
  });
  const points = { held: [], raised: [], offloaded: [] } as Record<Place, CliffPoint[]>;
  for (const weightsBytes of bytes) {
    const size = sizeOf(weightsBytes);
    const neededBytes = runners.neededBytes(size);
    const add = (place: Place, seconds: Estimate | undefined) => {
      if (seconds !== undefined) points[place].push({ weightsBytes, neededBytes, seconds });
    };
    const placed = runners.placed(runner, size);
    if (placed !== null)
      add(
        placed.held ? "held" : "offloaded",
        runners.timed(runner, size, work, placed)?.seconds,
      );
    if (placed?.held !== true) add("raised", runners.timedIfRaised(runner, size, work)?.seconds);
  }
  return { label: runner.label, points };
}

/** The last size in one place and the first in another, where they differ. */
function edge<Told>(placeOf: (bytes: number) => Told, low: number, high: number): number[] {
  if (placeOf(low) === placeOf(high)) return [];
  let [last, first] = [low, high];
  while (first / last > finest) {
    const middle = Math.sqrt(last * first);
    if (placeOf(middle) === placeOf(low)) last = middle;
    else first = middle;
  }
  return [last, first];
}

/** Around each change of the fastest machine, what isn't sure on either side of it. */
function flipsOf(
  stretches: readonly Stretch[],
  neededBytes: (weightsBytes: number) => number,
): Flip[] {
  return stretches.flatMap((after, i) => {
    const before = stretches[i - 1];
    if (before === undefined || before.winner === null || after.winner === null) return [];
    if (before.winner === after.winner) return [];
    const unsureBefore = stretches
      .slice(0, i)
      .findLast(({ sure, winner }) => sure || winner !== before.winner);
    const unsureAfter = stretches
      .slice(i)
      .find(({ sure, winner }) => sure || winner !== after.winner);
    return [
      {
        before: before.winner,
        after: after.winner,
        from: neededBytes(unsureBefore?.to ?? stretches[0]?.from ?? before.from),
        to: neededBytes(unsureAfter?.from ?? stretches.at(-1)?.to ?? after.to),
      },
    ];
  });
}
