/** The contract of a reporter: results in, text out, and the same text each time. */
import type { CaseRecord } from "../bench/record.ts";
import type { RunFacts } from "../results/journalLines.ts";
import type { Results } from "../results/readResults.ts";

/** What is told: the results of one run or file, or of several side by side. */
export interface Reported {
  readonly runs: readonly RunFacts[];
  readonly cases: readonly CaseRecord[];
  /** Planned cases that have no result yet. */
  readonly missing: number;
  /** What a reader should know of the files. */
  readonly notes: readonly string[];
}

/** What is told on demand. */
export interface Demands {
  /** How long single tokens took, in the table too; documents show it where it is known. */
  readonly tokenTimes?: boolean;
  /** Characters of a line of the terminal that a table is shown on; one that goes elsewhere is Markdown. */
  readonly width?: number;
}

export interface Reporter {
  /** What `--help` says of it. */
  readonly help: string;
  /** Whether it tells all that a journal keeps of a case: launches and their samples. */
  readonly whole?: true;
  /** The text, in pieces where it may be long; ends with a line break. */
  pieces(reported: Reported, demands?: Demands): Iterable<string>;
}

export function reportedOf(...results: readonly Results[]): Reported {
  return {
    runs: results.flatMap(({ run }) => run ?? []),
    cases: results.flatMap(({ cases }) => cases),
    missing: results.reduce((sum, { missing }) => sum + missing, 0),
    notes: results.flatMap(({ notes }) => notes),
  };
}
