/** A comparison as CSV: a row a pair, the columns of `--json` with each side's prefixed. */
import type { Pair } from "../../compare/comparison.ts";
import { cellText, csvPieces } from "../../results/csvText.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import { pairJson } from "./contract.ts";

type PairJson = ReturnType<typeof pairJson>;

const pairColumns = [
  "model",
  "quantization",
  "test",
  "baseline",
  "other",
  "settings_differ",
  "ratio",
  "ratio_low",
  "ratio_high",
  "verdict",
  "winner",
  "basis",
  "metric",
  "unit",
  "better",
] as const satisfies readonly (keyof PairJson)[];

/** Columns that each side has, behind its prefix. */
const sideColumns = [
  "machine",
  "status",
  "fit",
  "placement",
  "n_gpu_layers",
  "n_layers",
  "avg_ts",
  "ci95_low_ts",
  "ci95_high_ts",
  "value",
  "value_low",
  "value_high",
] as const satisfies readonly (keyof PairJson["results"][number])[];

const columns = [
  ...pairColumns,
  ...sideColumns.map((name) => `baseline_${name}`),
  ...sideColumns.map((name) => `other_${name}`),
];

function cells(pair: Pair): string[] {
  const json = pairJson(pair);
  const [baseline, other] = json.results;
  return [
    ...pairColumns.map((name) => json[name]),
    ...sideColumns.map((name) => baseline[name]),
    ...sideColumns.map((name) => other[name]),
  ].map(cellText);
}

/** The CSV in pieces. */
export function renderCsv({ comparison }: ComparisonReport): Generator<string> {
  return csvPieces(columns, comparison.pairs, cells);
}
