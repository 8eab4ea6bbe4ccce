/** How fast each machine is over the model's size, up to the wall of its memory and behind it. */
import type { Estimate } from "../../predict/families/predictedMachine.ts";
import type { Runner, Runners, Size } from "./runners.ts";
import type { SizeGrid } from "./sizeGrid.ts";
import { stretchesOf, type Stretch, type StretchQuestion } from "./stretches.ts";

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

export function cliffOf(runners: Runners, sizes: SizeGrid, question: StretchQuestion): Cliff {
  const stretches = stretchesOf(runners, sizes, question);
  return {
    lines: runners.all.map((runner) => lineOf(runners, runner, sizes, question)),
    flips: flipsOf(stretches, (weightsBytes) => runners.neededBytes({ ...question, weightsBytes })),
  };
}

function lineOf(
  runners: Runners,
  runner: Runner,
  sizes: SizeGrid,
  { family, contextTokens, work }: StretchQuestion,
): CliffLine {
  const sizeAt = (step: number): Size => ({ family, weightsBytes: sizes.at(step), contextTokens });
  const placedAt = (step: number) => runners.placed(runner, sizeAt(step));
  const raisedAt = (step: number) => runners.timedIfRaised(runner, sizeAt(step), work);
  const placeAt = (step: number) => `${placedAt(step)?.held} ${raisedAt(step) !== null}`;
  const edges = sizes.changes(placeAt, (a, b) => a === b);
  const steps = new Set([
    ...sizes.coarse,
    ...edges.flatMap(({ before, after }) => [before, after]),
  ]);
  const points = { held: [], raised: [], offloaded: [] } as Record<Place, CliffPoint[]>;
  for (const step of [...steps].toSorted((a, b) => a - b)) {
    const size = sizeAt(step);
    const add = (place: Place, seconds: Estimate | undefined) => {
      if (seconds === undefined) return;
      const { weightsBytes } = size;
      points[place].push({ weightsBytes, neededBytes: runners.neededBytes(size), seconds });
    };
    const placed = placedAt(step);
    if (placed !== null)
      add(placed.held ? "held" : "offloaded", runners.timed(runner, size, work, placed)?.seconds);
    if (placed?.held !== true) add("raised", raisedAt(step)?.seconds);
  }
  return { label: runner.label, points };
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
