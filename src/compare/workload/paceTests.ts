/** Which tests tell how the pace changes with depth: tests of several lengths at depth don't, since a batch has its own. */
import { groupBy } from "../../base/groupBy.ts";
import type { CaseRow } from "../../results/caseResult.ts";

export type Kind = "pp" | "tg";

export interface Test {
  readonly start: number;
  readonly end: number;
  /** Mean seconds a token over the stretch. */
  readonly pace: number;
  readonly row: CaseRow;
}

/**
 * Tests from an empty context at several lengths, or tests of one length at several depths, by where they end: those
 * that tell a change, of them those that reach furthest. Empty where no test of this kind was measured.
 */
export function paceTests(kind: Kind, rows: readonly CaseRow[]): readonly Test[] {
  const tests = rows
    .flatMap((row) => testOf(kind, row))
    .toSorted((a, b) => a.end - b.end || b.pace - a.pace);
  const ofOneLength = [...groupBy(tests, ({ start, end }) => String(end - start)).values()];
  const families = [...ofOneLength, rising(tests.filter(({ start }) => start === 0))];
  return families.reduce((best, family) => (tellsMore(family, best) ? family : best), []);
}

function testOf(kind: Kind, row: CaseRow): Test[] {
  const own = kind === "pp" ? row.n_prompt : row.n_gen;
  const mixed = row.n_prompt > 0 && row.n_gen > 0;
  if (row.status !== "measured" || row.avg_ts === null || row.avg_ts <= 0) return [];
  if (own === 0 || mixed) return [];
  return [{ start: row.n_depth, end: row.n_depth + own, pace: 1 / row.avg_ts, row }];
}

/** Without the short ones that took as long as a longer one: what slowed them isn't in the longer one's time. */
function rising(lengths: readonly Test[]): Test[] {
  const seconds = lengths.map(({ end, pace }) => end * pace);
  return lengths.filter((_, i) =>
    seconds.slice(i + 1).every((longer) => longer > (seconds[i] ?? 0)),
  );
}

function tellsMore(family: readonly Test[], best: readonly Test[]): boolean {
  const tells = (tests: readonly Test[]) => Math.min(tests.length, 2);
  const end = (tests: readonly Test[]) => tests.at(-1)?.end ?? 0;
  return tells(family) > tells(best) || (tells(family) === tells(best) && end(family) > end(best));
}
