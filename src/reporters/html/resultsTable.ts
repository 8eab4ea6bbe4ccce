/** The table of results, which sorts by the heading that is pressed. */
import type { CaseRecord } from "../../bench/record.ts";
import { documentColumns, isOutcome, neededColumns } from "../columns/columns.ts";
import type { ReportColumn } from "../columns/column.ts";
import { escapeHtml } from "../escape.ts";
import type { Footnotes } from "../footnotes.ts";

function heading({ heading: text, align }: ReportColumn): string {
  const right = align === "right" ? ' class="right"' : "";
  return `<th scope="col"${right}><button type="button">${escapeHtml(text)}</button></th>`;
}

function links(footnotes: Footnotes, record: CaseRecord): string {
  const numbers = footnotes.numbersOf(record);
  return numbers.map((number) => `<a href="#note-${number}">${number}</a>`).join(", ");
}

function classAttribute(column: ReportColumn, record: CaseRecord): string {
  const names = [
    ...(column.align === "right" ? ["right"] : []),
    ...(isOutcome(column) && record.status !== "measured" ? ["none"] : []),
  ];
  return names.length === 0 ? "" : ` class="${names.join(" ")}"`;
}

function cell(column: ReportColumn, record: CaseRecord, footnotes: Footnotes): string {
  const attributes = classAttribute(column, record);
  const text = escapeHtml(column.text(record));
  if (column.heading === "model") return `<th scope="row"${attributes}>${text}</th>`;
  if (column === footnotes.column) return `<td>${links(footnotes, record)}</td>`;
  const number = column.sortBy?.(record);
  const sort = number === undefined ? "" : ` data-sort="${number ?? ""}"`;
  return `<td${attributes}${sort}>${text}</td>`;
}

export function resultsTable(cases: readonly CaseRecord[], footnotes: Footnotes): string {
  const columns = footnotes.beside(neededColumns(documentColumns, cases));
  const rows = cases.map(
    (record) => `<tr>${columns.map((column) => cell(column, record, footnotes)).join("")}</tr>`,
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
