/** A comparison as one page: words, pictures, a table that sorts, and where each number comes from. */
import type { Pair } from "../../compare/comparison.ts";
import { escapeHtml } from "../escape.ts";
import { plain } from "../format.ts";
import { page } from "../html/page.ts";
import { sortScript } from "../html/sortScript.ts";
import { style } from "../html/style.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import type { DrawnFigure } from "./figures.ts";
import { machineText } from "./markdown.ts";
import { pairColumns, type PairColumn } from "./pairColumns.ts";
import { chartStyle } from "./theme.ts";
import { tracesOf, type Trace } from "./trace.ts";
import { listed } from "./words/phrases.ts";

/** More rows than this no browser sorts at once; the CSV has all. */
const mostRows = 1000;

const ownStyle = `${chartStyle}
.pictures { display: grid; gap: 2rem 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); align-items: start; }
.pictures svg { display: block; width: 100%; max-width: 34rem; height: auto; font-family: inherit; }
.answer { font-size: 1.125rem; max-width: 60rem; }
.words li { margin-bottom: .5rem; }
.bases { list-style: none; margin: 0; padding: 0; font-size: .875rem; }
.bases :target { outline: 2px solid var(--accent); outline-offset: 2px; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--soft); }
summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
details li { font-size: .875rem; }
@media print {
  .pictures { grid-template-columns: 1fr 1fr; gap: 1.5rem; }
  details:not([open]) { display: none; }
  .bases, pre { font-size: 7pt; line-height: 1.35; }
  h3 { margin: .75rem 0 .25rem; font-size: 9pt; }
  pre { margin: .25rem 0; }
}
`;

export function renderHtml(report: ComparisonReport, figures: readonly DrawnFigure[]): string {
  const labels = report.comparison.machines.map(({ label }) => plain(label));
  const title = `${listed(labels, labels.length)}, compared`;
  return page({
    title,
    style: style + ownStyle,
    script: sortScript,
    body: body(report, figures, title),
  });
}

function body(report: ComparisonReport, figures: readonly DrawnFigure[], title: string): string {
  const { comparison, headline, summary, notes } = report;
  const shown = comparison.pairs.slice(0, mostRows);
  const left = comparison.pairs.length - shown.length;
  return [
    "<main>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...headline.map((line) => `<p class="answer">${escapeHtml(plain(line))}</p>`),
    list(summary, "words"),
    figures.length === 0
      ? ""
      : `<h2>Pictures</h2>\n<div class="pictures">\n${figures.map(picture).join("\n")}\n</div>`,
    "<h2>Pairs</h2>",
    shown.length === 0
      ? "<p>No case stands in both files.</p>"
      : table(shown, pairColumns(comparison)),
    left > 0 ? `<p class="soft">The first ${shown.length} of ${comparison.pairs.length}.</p>` : "",
    "<h2>Machines</h2>",
    list([...comparison.machines.map(machineText), ...notes]),
    shown.length === 0
      ? ""
      : `<h2>Where each number comes from, and how to repeat it</h2>\n${tracesOf(shown).map(trace).join("\n")}`,
    "</main>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function list(texts: readonly string[], className = ""): string {
  const items = texts.map((text) => `<li>${escapeHtml(plain(text))}</li>`).join("\n");
  return `<ul${className === "" ? "" : ` class="${className}"`}>\n${items}\n</ul>`;
}

function picture({ title, svg, facts }: DrawnFigure): string {
  return `<figure>
<figcaption>${escapeHtml(plain(title))}</figcaption>
${svg}
<details><summary>As text</summary>
${list(facts)}
</details>
</figure>`;
}

function table(pairs: readonly Pair[], columns: readonly PairColumn[]): string {
  const headings = columns.map(
    ({ heading, align }) =>
      `<th scope="col"${align === "right" ? ' class="right"' : ""}><button type="button">${escapeHtml(heading)}</button></th>`,
  );
  const rows = pairs.map(
    (pair, index) => `<tr>${columns.map((column) => cell(column, pair, index)).join("")}</tr>`,
  );
  return `<div class="scroll" role="region" aria-label="Table of pairs" tabindex="0">
<table>
<thead><tr>${headings.join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</div>`;
}

function cell(column: PairColumn, pair: Pair, index: number): string {
  const text = escapeHtml(column.text(pair));
  if (column.heading === "model") return `<th scope="row">${text}</th>`;
  if (column.heading === "verdict") return `<td><a href="#pair-${index + 1}">${text}</a></td>`;
  const sort = column.sortBy?.(pair);
  const data = sort === undefined ? "" : ` data-sort="${sort ?? ""}"`;
  return `<td${column.align === "right" ? ' class="right"' : ""}${data}>${text}</td>`;
}

function trace({ heading, verdicts, lines }: Trace): string {
  const label = escapeHtml(`How to repeat ${heading}`);
  const bases = verdicts.map(
    ({ index, basis }) => `<li id="pair-${index + 1}">${escapeHtml(basis)}</li>`,
  );
  return `<h3>${escapeHtml(heading)}</h3>
<ul class="bases soft">
${bases.join("\n")}
</ul>
<pre tabindex="0" role="region" aria-label="${label}">${escapeHtml(lines.join("\n"))}</pre>`;
}
