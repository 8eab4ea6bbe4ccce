import { reporters } from "../../src/reporters/registry.ts";
import type { ReportFormat } from "../../src/reporters/registry.ts";
import type { Reported } from "../../src/reporters/reporter.ts";
import type { ReportedCase } from "../../src/results/caseResult.ts";

/** The whole text of a report on these cases. */
export function reportText(
  format: ReportFormat,
  cases: readonly ReportedCase[],
  more: Partial<Reported> = {},
): string {
  const reported = { runs: [], cases, missing: 0, notes: [], ...more };
  return [...reporters[format].pieces(reported)].join("");
}
