/** What a source's rows say of one kind of work, build by build, in the order to learn from them. */
import type { CaseRecord } from "../bench/record.ts";
import { toldLayers, type Layers } from "./layerCosts.ts";
import { isOldBuild } from "./llamaBuild.ts";
import { buildsOf, type RowsOfBuild, type SpeedSource } from "./speedSource.ts";
import type { Timed } from "./timedWork.ts";

export interface TimedBuild<Work> extends Omit<RowsOfBuild, "records"> {
  readonly rows: readonly Timed<Work>[];
  readonly isOld: boolean;
}

/**
 * Builds with a row that tells something alone.
 * @param timed what a record tells; nothing where it is of another kind of work
 */
export function timedBuilds<Work>(
  source: SpeedSource,
  timed: (record: CaseRecord) => readonly Timed<Work>[],
): TimedBuild<Work>[] {
  return buildsOf(source)
    .map(({ records, basis, spoiled }) => ({
      basis,
      spoiled,
      rows: records.flatMap(timed),
      isOld: records.some(isOldBuild),
    }))
    .filter(({ rows }) => rows.length > 0);
}

/** What a prediction's range goes by: the last build, and whether any build's rows tell of such layers. */
export interface Witnesses<Work> {
  readonly last: TimedBuild<Work> | undefined;
  readonly isTold: (asked: Layers) => boolean;
}

export function witnessesOf<Work extends Layers>(
  builds: readonly TimedBuild<Work>[],
): Witnesses<Work> {
  const works = builds.flatMap(({ rows }) => rows.map(({ work }) => work));
  return { last: builds.at(-1), isTold: toldLayers(works) };
}
