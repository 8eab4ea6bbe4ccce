/** A comparison as CSV, RFC 4180: a row a pair, the columns of `--json` with each side's prefixed. */
import { lazyPackage } from "../../base/lazyPackage.ts";
import type { Pair } from "../../compare/comparison.ts";
import { pairJson } from "../../compare/contract.ts";
import { toCell } from "../../results/csvCell.ts";
import type { ComparisonReport } from "./comparisonReport.ts";

const csv = lazyPackage("csv-stringify/sync");

type Value = string | number | readonly string[] | null;

function record(pair: Pair): Record<string, Value> {
  const { results, ...rest } = pairJson(pair);
  const sides = results.flatMap((result, at) =>
    Object.entries(result).map(([key, value]) => [
      `${at === 0 ? "baseline" : "other"}_${key}`,
      value,
    ]),
  );
  return { ...rest, ...(Object.fromEntries(sides) as Record<string, Value>) };
}

export function renderCsv({ comparison }: ComparisonReport): string {
  const records = comparison.pairs.map(record);
  const header = Object.keys(records[0] ?? { model: "" });
  const rows = records.map((values) => header.map((name) => toCell(values[name] ?? null)));
  return csv().stringify([header, ...rows], { record_delimiter: "windows" });
}
