/** The table of a run: in columns on a terminal, in llama-bench's Markdown elsewhere. */
import { markdownTable } from "markdown-table";
import { inColumns } from "../base/columns.ts";
import { toType } from "../base/invocation.ts";
import { wrapped } from "../base/wrap.ts";
import type { CaseRecord } from "../bench/record.ts";
import { neededColumns, tableColumns } from "./columns/columns.ts";
import { tokenTimes } from "./columns/speeds.ts";
import type { ReportColumn } from "./columns/column.ts";
import { Footnotes } from "./footnotes.ts";
import { plain } from "./format.ts";
import type { Reporter } from "./reporter.ts";
import { roofSentences } from "./roofWords.ts";

/**
 * Says how many planned cases have no result; nothing where all have.
 *
 * @param resume the command that goes on; a document is read by others, who type it in their own way
 */
export function missingText(missing: number, resume = "llmbench run --resume"): string[] {
  if (missing === 0) return [];
  const cases = missing === 1 ? "1 planned case has" : `${missing} planned cases have`;
  return [`${cases} no result yet: ${resume} goes on.`];
}

/** Says that there is nothing to show of what was asked for. */
function tokenTimesText(cases: readonly CaseRecord[]): string[] {
  return cases.length === 0 || tokenTimes.isNeeded?.(cases) === true
    ? []
    : ["No case has token times: tg rows have them, of runs that kept them."];
}

/** @param escape of a cell, where the table is read by more than eyes. */
export function markdownRows(
  columns: readonly ReportColumn[],
  cases: readonly CaseRecord[],
  footnotes: Footnotes,
  escape: (text: string) => string = (text) => text.replaceAll("|", "¦"),
): string {
  const needed = footnotes.beside(neededColumns(columns, cases));
  const rows = cases.map((record) => needed.map((column) => escape(column.text(record))));
  return markdownTable([needed.map(({ heading }) => escape(heading)), ...rows], {
    align: needed.map(({ align }) => align),
  });
}

/** Rows in columns, on a terminal of so many characters a line. */
function terminalRows(
  columns: readonly ReportColumn[],
  cases: readonly CaseRecord[],
  footnotes: Footnotes,
  width: number,
): string {
  const needed = footnotes.beside(neededColumns(columns, cases));
  const rows = cases.map((record) => needed.map((column) => column.text(record)));
  return inColumns(needed, rows, width);
}

export const table: Reporter = {
  help: "a table like llama-bench's",
  pieces({ cases, missing, notes }, demands = {}) {
    const footnotes = new Footnotes(cases);
    const columns = demands.tokenTimes === true ? [...tableColumns, tokenTimes] : tableColumns;
    const { width } = demands;
    const rows =
      width === undefined
        ? markdownRows(columns, cases, footnotes)
        : terminalRows(columns, cases, footnotes, width);
    const words = [
      footnotes.texts.map((text, index) => `[${index + 1}] ${text}`).join("\n"),
      roofSentences(cases).join("\n"),
      [
        ...missingText(missing, toType("run --resume")),
        ...(demands.tokenTimes === true ? tokenTimesText(cases) : []),
        ...notes.map(plain),
      ].join("\n"),
    ];
    const parts = [
      cases.length === 0 ? "No case has a result." : rows,
      ...words.map((text) => wrapped(text, width ?? Infinity)),
    ];
    return [`${parts.filter((part) => part !== "").join("\n\n")}\n`];
  },
};
