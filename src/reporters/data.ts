/** Formats for programs: the CSV, and the journal's case objects. */
import { resultPieces } from "../results/writeCsv.ts";
import type { ReportedCase } from "../results/caseResult.ts";
import type { Reporter } from "./reporter.ts";

function caseLine(result: ReportedCase): string {
  return JSON.stringify({ type: "case", ...result });
}

/** Some 4 MB: all cases of a long journal are more than a string can hold. */
const casesAPiece = 1000;

function* casePieces(
  cases: readonly ReportedCase[],
  line: (result: ReportedCase, at: number) => string,
): Generator<string> {
  for (let start = 0; start < cases.length; start += casesAPiece) {
    const piece = cases.slice(start, start + casesAPiece);
    yield piece.map((result, at) => line(result, start + at)).join("");
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
    yield* casePieces(cases, (result, at) => `${at === 0 ? "" : ","}\n${caseLine(result)}`);
    yield "\n]\n";
  },
};

export const jsonl: Reporter = {
  help: "the journal's case objects, one a line",
  whole: true,
  pieces: ({ cases }) => casePieces(cases, (result) => `${caseLine(result)}\n`),
};
