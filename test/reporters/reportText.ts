import { reporters } from "../../src/reporters/registry.ts";
import type { ReportFormat } from "../../src/reporters/registry.ts";
import type { Demands, Reported } from "../../src/reporters/reporter.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { caseOf } from "../results/rows.ts";

/** The whole text of a report on the cases of these rows. */
export function reportText(
  format: ReportFormat,
  rows: readonly JournalRow[],
  { tokenTimes = false, ...more }: Partial<Reported> & Demands = {},
): string {
  const reported = { runs: [], cases: rows.map(caseOf), missing: 0, notes: [], ...more };
  return [...reporters[format].pieces(reported, { tokenTimes })].join("");
}
