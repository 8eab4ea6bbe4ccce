/** The published figures that come with llmbench: reports/reference, whose sources stand in each row. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../base/packageFolder.ts";
import { caseResultSchema } from "./caseResult.ts";
import type { CaseRow } from "./caseResult.ts";
import { readCsv } from "./readCsv.ts";

let shipped: readonly CaseRow[] | undefined;

/** All machines' rows, read once. */
export function publishedResults(): readonly CaseRow[] {
  const folder = packageFolder("reports/reference");
  shipped ??= readdirSync(folder)
    .filter((file) => file.endsWith(".csv"))
    .sort()
    .flatMap((file) => {
      const path = join(folder, file);
      return readCsv<CaseRow>(readFileSync(path, "utf8"), path, caseResultSchema);
    });
  return shipped;
}
