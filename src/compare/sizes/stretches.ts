/** Sizes from small to large, cut where the fastest machine, the certainty or the only holder changes. */
import { getOrMake } from "../../base/getOrMake.ts";
import type { FamilyName } from "../../predict/families/families.ts";
import type { Work } from "../../predict/families/predictedMachine.ts";
import { fastestOf, isSame, type Fastest } from "./fastest.ts";
import type { Runners } from "./runners.ts";
import type { SizeGrid } from "./sizeGrid.ts";

export interface Stretch extends Fastest {
  /** Bytes of weights. */
  readonly from: number;
  readonly to: number;
}

export interface StretchQuestion {
  readonly family: FamilyName;
  /** Tokens that the context is made for. */
  readonly contextTokens: number;
  readonly work: Work;
}

export function stretchesOf(
  runners: Runners,
  sizes: SizeGrid,
  { family, contextTokens, work }: StretchQuestion,
): Stretch[] {
  const known = new Map<number, Fastest>();
  const fastestAt = (step: number) =>
    getOrMake(known, step, () =>
      fastestOf(runners.runsAt({ family, weightsBytes: sizes.at(step), contextTokens }, work)),
    );
  const starts = [
    { from: sizes.at(0), step: 0 },
    ...sizes
      .changes(fastestAt, isSame)
      .map(({ before, after }) => ({ from: sizes.at((before + after) / 2), step: after })),
  ];
  const end = sizes.at(sizes.coarse.at(-1) ?? 0);
  return starts.map(({ from, step }, i) => {
    const { winner, sure, onlyHolder } = fastestAt(step);
    return { winner, sure, onlyHolder, from, to: starts[i + 1]?.from ?? end };
  });
}
