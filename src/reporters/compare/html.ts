/** A comparison as one page: the answer, pictures, a table that sorts, and, folded, where each number comes from. */
import { count } from "../../base/count.ts";
import type { Pair } from "../../compare/comparison.ts";
import { escapeHtml } from "../escape.ts";
import { plain } from "../format.ts";
import { commandBlock, copyScript } from "../html/commandBlock.ts";
import { page } from "../html/page.ts";
import { sortScript } from "../html/sortScript.ts";
import { style } from "../html/style.ts";
import { comparisonStyle } from "./comparisonStyle.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import type { DrawnFigure } from "./figures/figures.ts";
import { machineText } from "./markdown.ts";
import { pairColumns, type PairColumn } from "./pairColumns.ts";
import { tracesOf, type Trace } from "./trace.ts";
import { verdictBlock } from "./verdictBlock.ts";
import { listed } from "./words/phrases.ts";

/** More rows than this no browser sorts at once; the CSV has all. */
const mostRows = 1000;

/** A link into what is folded opens it. */
const openScript = `
const unfold = () => {
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  target?.scrollIntoView();
};
addEventListener("hashchange", unfold);
unfold();
`;

export function renderHtml(report: ComparisonReport, figures: readonly DrawnFigure[]): string {
  const labels = report.comparison.machines.map(({ label }) => plain(label));
  const title = `${listed(labels, labels.length)}, compared`;
  return page({
    title,
    style: style + comparisonStyle,
    script: sortScript + copyScript + openScript,
    body: body(report, figures, title),
  });
}

function body(report: ComparisonReport, figures: readonly DrawnFigure[], title: string): string {
  const { comparison, answer, headline, summary, notes } = report;
  const shown = comparison.pairs.slice(0, mostRows);
  const left = comparison.pairs.length - shown.length;
  return [
    "<main>",
    `<h1>${escapeHtml(title)}</h1>`,
    verdictBlock(answer, comparison.machines),
    ...headline.map((line) => `<p class="answer">${escapeHtml(plain(line))}</p>`),
    comparison.pairs.length === 0 ? `<p class="answer">${nothingText}</p>` : "",
    figures.length === 0
      ? ""
      : `<h2>Pictures</h2>\n<p class="soft">${legendText}</p>\n<div class="pictures">\n${figures.map(picture).join("\n")}\n</div>`,
    "<h2>Pairs</h2>",
    shown.length === 0
      ? "<p>No case stands in both files.</p>"
      : table(shown, pairColumns(comparison)),
    left > 0 ? `<p class="soft">The first ${shown.length} of ${comparison.pairs.length}.</p>` : "",
    folded(`All findings in words (${summary.length})`, list(summary, "words")),
    folded("Machines and files", list([...comparison.machines.map(machineText), ...notes])),
    shown.length === 0
      ? ""
      : folded(
          `Where each number comes from, and how to repeat it (${count(shown.length, "pair")})`,
          tracesOf(shown).map(trace).join("\n"),
        ),
    "</main>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

const nothingText =
  "No case stands in both files, so that nothing measured is compared. Pictures show what each of them measured, and what is predicted of both.";

const legendText =
  "Points are measured, with 95% intervals as whiskers. Lines, maps and hollow points are predicted for today's llama.cpp; a predicted range holds four measurements of five. Hatched is where the winner flips, or isn't sure.";

function folded(title: string, content: string): string {
  return `<details class="part">\n<summary>${escapeHtml(title)}</summary>\n${content}\n</details>`;
}

function list(texts: readonly string[], className = ""): string {
  const items = texts.map((text) => `<li>${escapeHtml(plain(text))}</li>`).join("\n");
  return `<ul${className === "" ? "" : ` class="${className}"`}>\n${items}\n</ul>`;
}

function picture({ id, title, svg, facts }: DrawnFigure): string {
  return `<figure id="${id}">
<figcaption>${escapeHtml(plain(title))}</figcaption>
${svg}
<details><summary>As text</summary>
${list(facts)}
</details>
</figure>`;
}

/** What a narrow window must show without scrolling comes first. */
function narrowFirst(columns: readonly PairColumn[]): PairColumn[] {
  const first = ["model", "test", "ratio (95% interval)", "verdict"];
  const leading = first.flatMap((name) => columns.find(({ heading }) => heading === name) ?? []);
  return [...leading, ...columns.filter((column) => !leading.includes(column))];
}

function table(pairs: readonly Pair[], given: readonly PairColumn[]): string {
  const columns = narrowFirst(given);
  const headings = columns.map(
    ({ heading, align }) =>
      `<th scope="col"${align === "right" ? ' class="right"' : ""}><button type="button">${escapeHtml(heading)}</button></th>`,
  );
  const rows = pairs.map(
    (pair, index) => `<tr>${columns.map((column) => cell(column, pair, index)).join("")}</tr>`,
  );
  return `<div class="scroll" role="region" aria-label="Table of pairs" tabindex="0">
<table class="pairs">
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

function trace({ heading, verdicts, origins, commands, llamaBench }: Trace): string {
  const bases = verdicts.map(
    ({ index, basis }) => `<li id="pair-${index + 1}">${escapeHtml(basis)}</li>`,
  );
  const asked = commands.map(({ text, machines }) => {
    const whose =
      machines.length === 0
        ? ""
        : `<p class="soft">${escapeHtml(listed(machines, machines.length))}:</p>\n`;
    return whose + commandBlock(text, `How to repeat ${heading}`);
  });
  return `<h3>${escapeHtml(heading)}</h3>
<ul class="bases soft">
${[...bases, ...origins.map((origin) => `<li>${escapeHtml(origin)}</li>`)].join("\n")}
</ul>
${asked.join("\n")}
<details><summary>The same with llama-bench</summary>
${commandBlock(llamaBench.join("\n"), `${heading} with llama-bench`)}
</details>`;
}
