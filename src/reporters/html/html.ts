/** report.html: the same as report.md, with bars and a table that sorts, in one file that asks for no other. */
import { count } from "../../base/count.ts";
import { isMeasured, type CaseRecord } from "../../bench/record.ts";
import { caseName } from "../caseName.ts";
import { escapeHtml } from "../escape.ts";
import { methodText, sources, spreadText } from "../facts.ts";
import type { Fact, Source } from "../facts.ts";
import { Footnotes } from "../footnotes.ts";
import { plain } from "../format.ts";
import { isUnmeasured, reasonText } from "../outcome.ts";
import { llamaBenchLines, llmbenchRepeats } from "../repeatLines.ts";
import type { Reported, Reporter } from "../reporter.ts";
import { layoutMark } from "../reportLayout.ts";
import { roofSentences } from "../roofWords.ts";
import { runSummary, type RunSummary } from "../runSummary.ts";
import { leftOutText, shownRows } from "../shownRows.ts";
import { missingText } from "../table.ts";
import { charts } from "./bars.ts";
import { commandBlock, copyScript } from "./commandBlock.ts";
import { page } from "./page.ts";
import { resultsTable } from "./resultsTable.ts";
import { speedOverTime } from "./speedOverTime.ts";
import { sortScript } from "./sortScript.ts";
import { style } from "./style.ts";

function section(heading: string, ...parts: string[]): string {
  const filled = parts.filter((part) => part !== "");
  return filled.length === 0 ? "" : [`<h2>${heading}</h2>`, ...filled].join("\n");
}

function factList(facts: readonly Fact[]): string {
  const rows = facts.map(
    ({ label, value }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return rows.length === 0 ? "" : `<dl>\n${rows.join("\n")}\n</dl>`;
}

/** Facts of each run, under its machine's name where there are several. */
function factLists(all: readonly Source[], key: "machine" | "engine" | "method"): string {
  return all
    .map((source) => {
      const title = all.length > 1 ? `<h3>${escapeHtml(source.title)}</h3>\n` : "";
      const list = factList(source[key]);
      return list === "" ? "" : title + list;
    })
    .filter((list) => list !== "")
    .join("\n");
}

function preformatted(lines: readonly string[], label: string): string {
  if (lines.length === 0) return "";
  return `<pre tabindex="0" role="region" aria-label="${escapeHtml(label)}">${escapeHtml(lines.join("\n"))}</pre>`;
}

function notMeasured(cases: readonly CaseRecord[]): string {
  const items = cases.filter(isUnmeasured).map((record) => {
    const log = preformatted(record.log.map(plain), `Log of ${caseName(record)}`);
    const name = escapeHtml(caseName(record));
    return `<li>${name}: ${escapeHtml(reasonText(record))}${log}</li>`;
  });
  return items.length === 0 ? "" : `<ul>\n${items.join("\n")}\n</ul>`;
}

function notes(texts: readonly string[]): string {
  const items = texts.map((text, index) => `<li id="note-${index + 1}">${escapeHtml(text)}</li>`);
  return items.length === 0 ? "" : `<h3>Notes</h3>\n<ol>\n${items.join("\n")}\n</ol>`;
}

function commands(cases: readonly CaseRecord[]): string {
  const own = llmbenchRepeats(cases).map((text) => commandBlock(text, "How to repeat this run"));
  const lines = llamaBenchLines(cases);
  const others =
    lines.length === 0
      ? ""
      : folded(
          "The same with llama-bench, row by row",
          preformatted(lines, "llama-bench commands"),
          "more",
        );
  return [...own, others].filter((text) => text !== "").join("\n");
}

/** Content under a title that unfolds it. On paper facts are unfolded, and what else is folded is left out. */
function folded(title: string, content: string, className = "facts"): string {
  return content === ""
    ? ""
    : `<details class="${className}">\n<summary>${escapeHtml(title)}</summary>\n${content}\n</details>`;
}

/** What one wants to know first. */
function summaryBlock({ date, machines, numbers, outlook }: RunSummary): string[] {
  const when = [date, ...machines].filter((text) => text !== null).join("; ");
  const large = numbers.map(
    ({ value, text }) => `<p><strong>${escapeHtml(value)}</strong> ${escapeHtml(text)}</p>`,
  );
  return [
    when === "" ? "" : `<p>${escapeHtml(when)}</p>`,
    large.length === 0 ? "" : `<div class="numerals">\n${large.join("\n")}\n</div>`,
    outlook === null ? "" : `<p>${escapeHtml(outlook)}</p>`,
  ];
}

/** `12 cases: 10 measured, 2 without a speed`. */
function summary(cases: readonly CaseRecord[]): string {
  const measured = cases.filter(isMeasured).length;
  const others = cases.length - measured;
  const all = `${count(cases.length, "case")}: ${measured} measured`;
  return others === 0 ? all : `${all}, ${others} without a speed`;
}

function body(reported: Reported, title: string, all: readonly Source[]): string {
  const cases = shownRows(reported.cases);
  const footnotes = new Footnotes(cases);
  const remarks = [
    ...roofSentences(cases),
    ...leftOutText(reported.cases),
    ...missingText(reported.missing),
    ...reported.notes.map(plain),
  ].map((text) => `<p class="soft">${escapeHtml(text)}</p>`);
  const sections = [
    section(
      "Speed",
      cases.some(isMeasured) ? `<p class="soft">${escapeHtml(spreadText.join(" "))}</p>` : "",
      charts(cases),
    ),
    section("Speed over time", speedOverTime(cases)),
    section(
      "Results",
      cases.length === 0 ? "<p>No case has a result.</p>" : resultsTable(cases, footnotes),
      ...remarks,
      notes(footnotes.texts),
    ),
    section("Not measured", notMeasured(cases)),
    section("To repeat", commands(cases)),
    folded("Machine", factLists(all, "machine")),
    folded("Engine", factLists(all, "engine")),
    folded("Method", `<p>${escapeHtml(methodText.join(" "))}</p>\n${factLists(all, "method")}`),
  ];
  return [
    "<main>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...summaryBlock(runSummary(reported)).filter((text) => text !== ""),
    `<p class="soft">${escapeHtml(summary(reported.cases))}</p>`,
    ...sections.filter((text) => text !== ""),
    "</main>",
  ].join("\n");
}

export const html: Reporter = {
  help: "the text of report.html",
  pieces(reported) {
    const all = sources(reported);
    const titles = [...new Set(all.map((source) => source.title))];
    const title = `llmbench: ${titles.join(", ") || "no results"}`;
    return [
      page({
        title,
        style,
        script: sortScript + copyScript,
        generator: layoutMark,
        body: body(reported, title, all),
      }),
    ];
  },
};
