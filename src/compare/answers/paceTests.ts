/** Which tests tell how the pace changes with depth: tests of several lengths at depth don't, since a batch has its own. */
import { groupBy } from "../../base/groupBy.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../../bench/record.ts";
import { generatedTokens, promptTokens, type WorkloadKind } from "../../bench/workload.ts";

/** Reading and writing, which an answer is made of. */
export type PacedKind = Extract<WorkloadKind, "prompt" | "generate">;

export interface PaceTest {
  readonly start: number;
  readonly end: number;
  /** Mean seconds a token over the stretch. */
  readonly pace: number;
  readonly record: MeasuredRecord;
}

/**
 * Tests from an empty context at several lengths, or tests of one length at several depths, by where they end: those
 * that tell a change, of them those that reach furthest. Empty where no test of this kind was measured.
 */
export function paceTests(kind: PacedKind, records: readonly CaseRecord[]): readonly PaceTest[] {
  const tests = records
    .flatMap((record) => testOf(kind, record))
    .toSorted((a, b) => a.end - b.end || b.pace - a.pace);
  const ofOneLength = [...groupBy(tests, ({ start, end }) => String(end - start)).values()];
  const families = [...ofOneLength, rising(tests.filter(({ start }) => start === 0))];
  return families.reduce((best, family) => (tellsMore(family, best) ? family : best), []);
}

/** A case of one sequence as a test: several that are computed together have no pace that one reader would see. */
function testOf(kind: PacedKind, record: CaseRecord): PaceTest[] {
  const { workload } = record;
  if (!isMeasured(record) || workload.kind !== kind || workload.parallel > 1) return [];
  const { depth } = workload;
  const length = promptTokens(workload) + generatedTokens(workload);
  return [{ start: depth, end: depth + length, pace: 1 / record.summary.mean, record }];
}

/** The lengths without short ones that took as long as a longer one: what slowed them isn't in the longer one's time. */
function rising(lengths: readonly PaceTest[]): PaceTest[] {
  const seconds = lengths.map(({ end, pace }) => end * pace);
  return lengths.filter((_, i) =>
    seconds.slice(i + 1).every((longer) => longer > (seconds[i] ?? 0)),
  );
}

function tellsMore(family: readonly PaceTest[], best: readonly PaceTest[]): boolean {
  const tells = (tests: readonly PaceTest[]) => Math.min(tests.length, 2);
  const end = (tests: readonly PaceTest[]) => tests.at(-1)?.end ?? 0;
  return tells(family) > tells(best) || (tells(family) === tells(best) && end(family) > end(best));
}
