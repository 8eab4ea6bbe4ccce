/** report.md: the machine, the engine, the method, the table, and how to repeat each row. */
import type { CaseRecord } from "../bench/record.ts";
import { caseName } from "./caseName.ts";
import { documentColumns } from "./columns/columns.ts";
import { escapeMarkdown, fenced } from "./escape.ts";
import { methodText, sources, spreadText } from "./facts.ts";
import type { Fact, Source } from "./facts.ts";
import { Footnotes } from "./footnotes.ts";
import { plain } from "./format.ts";
import { isUnmeasured, reasonText } from "./outcome.ts";
import { llamaBenchLines, llmbenchRepeats } from "./repeatLines.ts";
import { layoutMark } from "./reportLayout.ts";
import { runSummary, type RunSummary } from "./runSummary.ts";
import type { Reporter } from "./reporter.ts";
import { roofSentences } from "./roofWords.ts";
import { leftOutText, shownRows } from "./shownRows.ts";
import { markdownRows, missingText } from "./table.ts";

type Section = readonly [heading: string, ...paragraphs: string[]];

function list(facts: readonly Fact[]): string {
  return facts
    .map(({ label, value }) => `- ${escapeMarkdown(label)}: ${escapeMarkdown(value)}`)
    .join("\n");
}

/** Facts of each run, under its machine's name where there are several. */
function lists(all: readonly Source[], key: "machine" | "engine" | "method"): string[] {
  return all.flatMap((source) => [
    all.length > 1 ? `### ${escapeMarkdown(source.title)}` : "",
    list(source[key]),
  ]);
}

function numbered(texts: readonly string[]): string {
  return texts.map((text, index) => `${index + 1}. ${escapeMarkdown(text)}`).join("\n");
}

function notMeasured(cases: readonly CaseRecord[]): Section {
  const entries = cases.filter(isUnmeasured).map((record) => {
    const line = `- ${escapeMarkdown(`${caseName(record)}: ${reasonText(record)}`)}`;
    const log = record.log.map(plain);
    return log.length === 0 ? line : `${line}\n\n${indented(fenced(log, "text"))}\n`;
  });
  return ["Not measured", entries.join("\n").trimEnd()];
}

/** Within a list's item. */
function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

function commands(cases: readonly CaseRecord[]): Section {
  const own = llmbenchRepeats(cases);
  const lines = llamaBenchLines(cases);
  return [
    "To repeat",
    own.length === 0 ? "" : fenced(own, "sh"),
    ...(lines.length === 0 ? [] : ["The same with llama-bench, row by row:", fenced(lines, "sh")]),
  ];
}

/** Above all else. */
function summaryParagraphs({ date, machines, numbers, outlook }: RunSummary): string[] {
  return [
    [date, ...machines].filter((text) => text !== null).join("; "),
    numbers
      .map(({ value, text }) => `**${escapeMarkdown(value)}** ${escapeMarkdown(text)}`)
      .join("; "),
    outlook ?? "",
  ].map((text, i) => (i === 1 ? text : escapeMarkdown(text)));
}

/** Sections without a text are left out. */
function layOut(title: string, opening: readonly string[], sections: readonly Section[]): string {
  const filled = sections
    .map(([heading, ...paragraphs]) => [`## ${heading}`, ...paragraphs.filter(Boolean)])
    .filter((section) => section.length > 1);
  const above = [`# ${escapeMarkdown(title)}`, ...opening.filter(Boolean)];
  return `${[...above, ...filled.flat(), `<!-- ${layoutMark} -->`].join("\n\n")}\n`;
}

export const markdown: Reporter = {
  help: "the text of report.md",
  pieces(reported) {
    const cases = shownRows(reported.cases);
    const footnotes = new Footnotes(cases);
    const all = sources(reported);
    const titles = [...new Set(all.map(({ title }) => title))];
    const title = `llmbench: ${titles.join(", ") || "no results"}`;
    const document = layOut(title, summaryParagraphs(runSummary(reported)), [
      [
        "Results",
        cases.length === 0
          ? "No case has a result."
          : markdownRows(documentColumns, cases, footnotes, escapeMarkdown),
        cases.length === 0 ? "" : spreadText.join(" "),
        numbered(footnotes.texts),
        roofSentences(cases).map(escapeMarkdown).join("\n\n"),
        [...leftOutText(reported.cases), ...missingText(reported.missing), ...reported.notes]
          .map((text) => escapeMarkdown(plain(text)))
          .join("\n\n"),
      ],
      notMeasured(cases),
      ["Machine", ...lists(all, "machine")],
      ["Engine", ...lists(all, "engine")],
      ["Method", methodText.join(" "), ...lists(all, "method")],
      commands(cases),
    ]);
    return [document];
  },
};
