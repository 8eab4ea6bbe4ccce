/**
 * llama-bench prints one measurement twice with `-oe`: exactly as JSON, CSV or SQL, and rounded in a table. Where one text
 * holds both, the table's row is no second measurement.
 */
import type { ToldRecord } from "./readRecords.ts";
import { numberOf, textOf } from "./tools/tool.ts";

/** A table's speed has two decimals; other formats tell when a test began. */
function isRounded({ fields }: ToldRecord): boolean {
  return textOf(fields["test_time"]) === null;
}

function keyOf({ fields, workload }: ToldRecord): string {
  const lengths = ["n_prompt", "n_gen", "n_depth"].map((name) => numberOf(fields[name]) ?? 0);
  const speed = numberOf(fields["avg_ts"])?.toFixed(2);
  return [textOf(fields["model_type"]), workload === undefined, ...lengths, speed].join("\n");
}

/** The record that tells the same and more, of those that are told again. */
export function toldAgain(records: readonly ToldRecord[]): ReadonlyMap<ToldRecord, ToldRecord> {
  const exact = new Map(
    records.flatMap((record) => (isRounded(record) ? [] : [[keyOf(record), record] as const])),
  );
  return new Map(
    records.flatMap((record) => {
      const same = isRounded(record) ? exact.get(keyOf(record)) : undefined;
      return same === undefined || !sameSpread(record, same) ? [] : [[record, same] as const];
    }),
  );
}

/** To the table's two decimals. */
function sameSpread(rounded: ToldRecord, exact: ToldRecord): boolean {
  const [a, b] = [rounded, exact].map(({ fields }) => numberOf(fields["stddev_ts"]) ?? 0);
  return Math.abs((a ?? 0) - (b ?? 0)) <= 0.0051;
}
