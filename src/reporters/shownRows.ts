/** What a document leaves to the CSV. */
import type { ReportedCase } from "../results/caseResult.ts";

/** More rows than this nobody reads, and browsers and Markdown viewers choke on. */
const maxRows = 2000;

export function shownRows(cases: readonly ReportedCase[]): readonly ReportedCase[] {
  return cases.slice(0, maxRows);
}

/** Says what is left out; nothing where all is shown. */
export function leftOutText(cases: readonly ReportedCase[]): string[] {
  return cases.length > maxRows
    ? [`The first ${maxRows} of ${cases.length} rows; all are in results.csv.`]
    : [];
}
