/** What a source's rows say of one kind of work, build by build, in the order to learn from them. */
import type { CaseRecord } from "../bench/record.ts";
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
