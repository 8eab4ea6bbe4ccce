/** What rows warn of, what speed they held, and why they have none, each text once, numbered in order of appearance. */
import type { ReportedCase } from "../results/caseResult.ts";
import { explainWarning } from "../results/warnings.ts";
import { isSpeed } from "./columns.ts";
import type { ReportColumn } from "./columns.ts";
import { plain } from "./format.ts";
import { reasonText } from "./outcome.ts";
import { sustainedText } from "./sustained.ts";

function textsOf(result: ReportedCase): string[] {
  const reason = result.status === "measured" ? [] : [reasonText(result)];
  const sustained = sustainedText(result);
  return [
    ...reason,
    ...(sustained === null ? [] : [sustained]),
    ...result.warnings.map((text) => plain(explainWarning(text))),
  ];
}

export class Footnotes {
  readonly #numbers = new Map<string, number>();

  constructor(cases: readonly ReportedCase[]) {
    for (const text of cases.flatMap(textsOf))
      if (!this.#numbers.has(text)) this.#numbers.set(text, this.#numbers.size + 1);
  }

  /** In order: the first has number 1. */
  get texts(): string[] {
    return [...this.#numbers.keys()];
  }

  numbersOf(result: ReportedCase): number[] {
    return textsOf(result).map((text) => this.#numbers.get(text) ?? 0);
  }

  /** The columns with one for the numbers, beside the speeds. */
  beside(columns: readonly ReportColumn[]): ReportColumn[] {
    if (this.#numbers.size === 0) return [...columns];
    return columns.flatMap((column) => (isSpeed(column) ? [column, this.column] : [column]));
  }

  readonly column: ReportColumn = {
    heading: "note",
    align: "left",
    text: (result) => this.numbersOf(result).join(", "),
  };
}
