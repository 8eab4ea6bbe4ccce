/** Tables of HTML, in pages and among Markdown, as lines of pipes in their places; of all else its text. */
import { lazyPackage } from "../../base/lazyPackage.ts";
import { TableGrid } from "./tableGrid.ts";

const html = lazyPackage("htmlparser2");

const tableCell = /<t[dh][\s>]/iu;

/** Tags that end a line where they stand outside of a table, and a word within one. */
const breaking = new Set(
  "br p div pre li ul ol h1 h2 h3 h4 h5 h6 details summary tr table".split(" "),
);

/** Numbers of lines stay: two rows on one line are set apart as a progress bar's are. */
export function withHtmlTables(text: string): string {
  if (!tableCell.test(text)) return text;
  const lines: string[] = text.split("\n").map(() => "");
  const lineAt = lineCounter(text);
  const write = (line: number, part: string): void => {
    lines[line] = (lines[line] ?? "") + part;
  };
  let grid: TableGrid | null = null;
  /** Tables within a cell are its text. */
  let depth = 0;
  let unseen = 0;
  /** Whether cells have ends of their own; one that lacks it then is cut off. */
  let closes = false;
  let isCut = false;
  const { Parser } = html();
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === "script" || name === "style") unseen += 1;
      if (name === "table") {
        depth += 1;
        grid ??= new TableGrid();
      }
      if (depth <= 1 && name === "tr" && grid !== null) {
        // The last one may have no end of its own.
        endRow(grid);
        grid.beginRow(lineAt(parser.startIndex));
      } else if (depth <= 1 && (name === "td" || name === "th")) grid?.beginCell(attributes);
      else if (breaking.has(name)) blank();
    },
    ontext(data) {
      if (unseen > 0) return;
      if (grid !== null) return grid.add(data);
      const first = lineAt(parser.startIndex);
      for (const [at, part] of data.split("\n").entries()) write(first + at, part);
    },
    onclosetag(name, isImplied) {
      if (depth <= 1 && (name === "td" || name === "th")) {
        closes ||= !isImplied;
        isCut = closes && isImplied;
      }
      if (name === "script" || name === "style") unseen -= 1;
      if (depth <= 1 && grid !== null && (name === "tr" || name === "table")) endRow(grid);
      if (name === "table") {
        depth -= 1;
        if (depth === 0) grid = null;
      }
      if (breaking.has(name)) blank();
    },
  });
  const blank = (): void => {
    if (grid === null) write(lineAt(parser.startIndex), "\r");
    else grid.add(" ");
  };
  const endRow = (ended: TableGrid): void => {
    const row = ended.endRow();
    if (row !== null) write(row.line, `\r${piped(row.cells)}${isCut ? "" : " |"}\r`);
  };
  parser.end(text);
  return lines.join("\n");
}

function piped(cells: readonly string[]): string {
  const texts = cells.map((cell) =>
    cell
      .replaceAll(/\s+/gu, " ")
      .trim()
      .replaceAll("|", String.raw`\|`),
  );
  return `| ${texts.join(" | ")}`;
}

/** Of ascending places in a text the line, from 0. */
function lineCounter(text: string): (index: number) => number {
  let [line, next] = [0, text.indexOf("\n")];
  return (index) => {
    while (next !== -1 && next < index) {
      line += 1;
      next = text.indexOf("\n", next + 1);
    }
    return line;
  };
}
