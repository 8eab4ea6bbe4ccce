/** What a document leaves to the CSV. */
import type { CaseRecord } from "../bench/record.ts";

/** More rows than this nobody reads, and browsers and Markdown viewers choke on. */
const maxRows = 2000;

export function shownRows(cases: readonly CaseRecord[]): readonly CaseRecord[] {
  return cases.slice(0, maxRows);
}

/** Says what is left out; nothing where all is shown. */
export function leftOutText(cases: readonly CaseRecord[]): string[] {
  return cases.length > maxRows
    ? [`The first ${maxRows} of ${cases.length} rows; all are in results.csv.`]
    : [];
}
