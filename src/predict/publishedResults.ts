/** The published figures that come with llmbench: reports/reference, whose sources stand in each row. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../base/packageFolder.ts";
import type { CaseRecord } from "../bench/record.ts";
import { readCsv } from "../results/readCsv.ts";

let shipped: readonly CaseRecord[] | undefined;

/** All machines' cases, read once. */
export function publishedResults(): readonly CaseRecord[] {
  const folder = packageFolder("reports/reference");
  shipped ??= readdirSync(folder)
    .filter((file) => file.endsWith(".csv"))
    .sort()
    .flatMap((file) => {
      const path = join(folder, file);
      return readCsv(readFileSync(path, "utf8"), path);
    });
  return shipped;
}
