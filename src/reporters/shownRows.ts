/** What a document leaves to the CSV. */
import { getOrMake } from "../base/getOrMake.ts";
import type { CaseRecord } from "../bench/record.ts";

/** More rows than this nobody reads, and browsers and Markdown viewers choke on. */
const maxRows = 2000;

/** The same list for all documents of a report. */
export function shownRows(cases: readonly CaseRecord[]): readonly CaseRecord[] {
  return getOrMake(shown, cases, () => cases.slice(0, maxRows));
}

const shown = new WeakMap<readonly CaseRecord[], readonly CaseRecord[]>();

/** Says what is left out; nothing where all is shown. */
export function leftOutText(cases: readonly CaseRecord[]): string[] {
  return cases.length > maxRows
    ? [`The first ${maxRows} of ${cases.length} rows; all are in results.csv.`]
    : [];
}
