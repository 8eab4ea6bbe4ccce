/** The table of results, which sorts by the heading that is pressed. */
import type { ReportedCase } from "../../results/caseResult.ts";
import { documentColumns, isSpeed, neededColumns } from "../columns.ts";
import type { ReportColumn } from "../columns.ts";
import { escapeHtml } from "../escape.ts";
import type { Footnotes } from "../footnotes.ts";

function heading({ heading: text, align }: ReportColumn): string {
  const right = align === "right" ? ' class="right"' : "";
  return `<th scope="col"${right}><button type="button">${escapeHtml(text)}</button></th>`;
}

function links(footnotes: Footnotes, result: ReportedCase): string {
  const numbers = footnotes.numbersOf(result);
  return numbers.map((number) => `<a href="#note-${number}">${number}</a>`).join(", ");
}

function classAttribute(column: ReportColumn, result: ReportedCase): string {
  const names = [
    ...(column.align === "right" ? ["right"] : []),
    ...(isSpeed(column) && result.status !== "measured" ? ["none"] : []),
  ];
  return names.length === 0 ? "" : ` class="${names.join(" ")}"`;
}

function cell(column: ReportColumn, result: ReportedCase, footnotes: Footnotes): string {
  const attributes = classAttribute(column, result);
  const text = escapeHtml(column.text(result));
  if (column.heading === "model") return `<th scope="row"${attributes}>${text}</th>`;
  if (column === footnotes.column) return `<td>${links(footnotes, result)}</td>`;
  const number = column.sortBy?.(result);
  const sort = number === undefined ? "" : ` data-sort="${number ?? ""}"`;
  return `<td${attributes}${sort}>${text}</td>`;
}

export function resultsTable(cases: readonly ReportedCase[], footnotes: Footnotes): string {
  const columns = footnotes.beside(neededColumns(documentColumns, cases));
  const rows = cases.map(
    (result) => `<tr>${columns.map((column) => cell(column, result, footnotes)).join("")}</tr>`,
  );
  return `<div class="scroll" role="region" aria-label="Table of results" tabindex="0">
<table>
<thead><tr>${columns.map(heading).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</div>`;
}
