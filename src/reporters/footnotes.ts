/** What cases warn of, what speed they held, and why they have none, each text once, numbered in order of appearance. */
import type { CaseRecord } from "../bench/record.ts";
import { isOutcome } from "./columns/columns.ts";
import type { ReportColumn } from "./columns/column.ts";
import { explainWarning } from "./explainWarning.ts";
import { plain } from "./format.ts";
import { reasonText } from "./outcome.ts";
import { sustainedText } from "./sustained.ts";

function textsOf(record: CaseRecord): string[] {
  const reason = record.status === "measured" ? [] : [reasonText(record)];
  const sustained = sustainedText(record);
  return [
    ...reason,
    ...(sustained === null ? [] : [sustained]),
    ...record.warnings.map((warning) => plain(explainWarning(warning))),
  ];
}

export class Footnotes {
  readonly #numbers = new Map<string, number>();

  constructor(cases: readonly CaseRecord[]) {
    for (const text of cases.flatMap(textsOf))
      if (!this.#numbers.has(text)) this.#numbers.set(text, this.#numbers.size + 1);
  }

  /** All texts in order: the first has number 1. */
  get texts(): string[] {
    return [...this.#numbers.keys()];
  }

  numbersOf(record: CaseRecord): number[] {
    return textsOf(record).map((text) => this.#numbers.get(text) ?? 0);
  }

  /** The columns with one for the numbers, beside the speeds or what stands for them. */
  beside(columns: readonly ReportColumn[]): ReportColumn[] {
    if (this.#numbers.size === 0) return [...columns];
    const last = columns.findLastIndex(isOutcome);
    return [...columns.slice(0, last + 1), this.column, ...columns.slice(last + 1)];
  }

  readonly column: ReportColumn = {
    heading: "note",
    align: "left",
    text: (record) => this.numbersOf(record).join(", "),
  };
}
