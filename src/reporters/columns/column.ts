/** What a column of a report is. */
import type { CaseRecord } from "../../bench/record.ts";
import { plain } from "../format.ts";

export interface ReportColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  /** Whether it tells which case a row is of. */
  readonly names?: true;
  /** On a terminal too narrow for all columns it is left out, the highest number first. */
  readonly spare?: number;
  /** Text of a cell, plain and on one line. */
  text(record: CaseRecord): string;
  /** What a sort goes by, where it isn't the text. */
  sortBy?(record: CaseRecord): number | null;
  /** Whether these cases need the column; without it they always do. */
  isNeeded?(cases: readonly CaseRecord[]): boolean;
}

type Value = string | number | null;

/** What a case tells of itself; null is unknown. */
export type Fact<Told extends Value = Value> = (record: CaseRecord) => Told;

export function show(value: Value): string {
  return value === null ? "" : plain(String(value));
}

/** Whether some case tells the fact: for a column that is empty without it. */
export function someTell(fact: Fact): (cases: readonly CaseRecord[]) => boolean {
  return (cases) => cases.some((record) => fact(record) !== null);
}

/** A number with a unit, which sorts by the number. */
export function measure(
  heading: string,
  fact: Fact<number | null>,
  format: (value: number) => string,
): ReportColumn {
  return {
    heading,
    align: "right",
    text: (record) => {
      const value = fact(record);
      return value === null ? "" : format(value);
    },
    sortBy: fact,
  };
}
