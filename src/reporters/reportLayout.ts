/** Which layout a run's documents have, so that one who checks them doesn't take an earlier one for tampering. */

/** The first, of llmbench 0.1.0, says nothing of itself. */
const firstLayout = 1;

/** Raised whenever report.md or report.html is laid out in another way. */
const layout = 2;

/** Stands in a comment of Markdown, and in a page's `generator`. */
export const layoutMark = `llmbench report, layout ${layout}`;

/** Whether the text is laid out as this version does. */
export function hasThisLayout(document: Uint8Array): boolean {
  const stated = /llmbench report, layout (\d+)/.exec(Buffer.from(document).toString("utf8"))?.[1];
  return Number(stated ?? firstLayout) === layout;
}
