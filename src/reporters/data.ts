/** Formats for programs: the CSV, and the journal's case objects. */
import { toCsv } from "../results/writeCsv.ts";
import type { ReportedCase } from "../results/caseResult.ts";
import type { Reporter } from "./reporter.ts";

function caseLine(result: ReportedCase): string {
  return JSON.stringify({ type: "case", ...result });
}

export const csv: Reporter = {
  help: "the bytes of results.csv",
  render: ({ cases }) => toCsv(cases),
};

export const json: Reporter = {
  help: "an array of the journal's case objects",
  render: ({ cases }) => `[${cases.map((result) => `\n${caseLine(result)}`).join(",")}\n]\n`,
};

export const jsonl: Reporter = {
  help: "the journal's case objects, one a line",
  render: ({ cases }) => cases.map((result) => `${caseLine(result)}\n`).join(""),
};
