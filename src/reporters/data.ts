/** Formats for programs: the CSV, and the journal's case objects. */
import type { CaseRecord } from "../bench/record.ts";
import { caseLine } from "../results/journalLines.ts";
import { resultPieces } from "../results/writeCsv.ts";
import type { Reporter } from "./reporter.ts";

function caseText(record: CaseRecord): string {
  return JSON.stringify(caseLine(record));
}

/** Some 4 MB: all cases of a long journal are more than a string can hold. */
const casesAPiece = 1000;

function* casePieces(
  cases: readonly CaseRecord[],
  line: (record: CaseRecord, at: number) => string,
): Generator<string> {
  for (let start = 0; start < cases.length; start += casesAPiece) {
    const piece = cases.slice(start, start + casesAPiece);
    yield piece.map((record, at) => line(record, start + at)).join("");
  }
}

export const csv: Reporter = {
  help: "the bytes of results.csv",
  pieces: ({ cases }) => resultPieces(cases),
};

export const json: Reporter = {
  help: "an array of the journal's case objects",
  whole: true,
  *pieces({ cases }) {
    yield "[";
    yield* casePieces(cases, (record, at) => `${at === 0 ? "" : ","}\n${caseText(record)}`);
    yield "\n]\n";
  },
};

export const jsonl: Reporter = {
  help: "the journal's case objects, one a line",
  whole: true,
  pieces: ({ cases }) => casePieces(cases, (record) => `${caseText(record)}\n`),
};
