/** Tables of HTML, in pages and among Markdown, as lines of pipes in their places; of all else its text. */
import { lazyPackage } from "../../base/lazyPackage.ts";
import { TableGrid, textOf, type Piece } from "./tableGrid.ts";

const html = lazyPackage("htmlparser2");

const tableCell = /<t[dh][\s>]/iu;

/** Tags that end a line where they stand outside of a table, and a word within one. */
const breaking = new Set(
  "br p div pre li ul ol h1 h2 h3 h4 h5 h6 details summary tr table".split(" "),
);

/** A table that isn't closed yet. */
interface OpenTable {
  readonly grid: TableGrid;
  /** Whether cells have ends of their own; one that lacks it then is cut off. */
  closes: boolean;
  isCut: boolean;
}

/**
 * Numbers of lines stay: two rows on one line are set apart as a progress bar's are. A table that only lays a page out, with
 * others or with what a program printed in its cells, is none, and what stands in its cells is read.
 *
 * @param isOutput whether several lines are what a program prints
 */
export function withHtmlTables(text: string, isOutput: (lines: string) => boolean): string {
  if (!tableCell.test(text)) return text;
  const lines: string[] = text.split("\n").map(() => "");
  const lineAt = lineCounter(text);
  /** The innermost last. */
  const open: OpenTable[] = [];
  let unseen = 0;
  const write = ({ line, text: whole }: Piece): void => {
    for (const [at, part] of whole.split("\n").entries())
      lines[line + at] = (lines[line + at] ?? "") + part;
  };
  /** Into a cell of the table that this one stands in, or beside all tables. */
  const say = (piece: Piece, within: OpenTable | undefined): void => {
    if (within === undefined) write(piece);
    else within.grid.add(piece);
  };
  /** Of the innermost table. */
  const endRow = ({ grid, isCut }: OpenTable): void => {
    const row = grid.endRow();
    if (row === null) return;
    const { line, cells, own } = row;
    const around = open.at(-2);
    if (own.some((pieces) => holdsOutput(textOf(pieces), isOutput))) {
      for (const piece of own.flatMap((pieces) => [{ line, text: "\r" }, ...pieces]))
        say(piece, around);
    } else if (around !== undefined && cells.length === 1) {
      // One cell in a cell is that cell's text.
      for (const piece of own.flat()) say(piece, around);
    } else say({ line, text: `\r${piped(cells)}${isCut ? "" : " |"}\r` }, around);
  };
  const { Parser } = html();
  const parser = new Parser({
    onopentag(name, attributes) {
      const line = lineAt(parser.startIndex);
      if (name === "script" || name === "style") unseen += 1;
      if (name === "table") open.push({ grid: new TableGrid(), closes: false, isCut: false });
      const table = open.at(-1);
      if (name === "tr" && table !== undefined) {
        // The last one may have no end of its own.
        endRow(table);
        table.grid.beginRow(line);
      } else if (name === "td" || name === "th") table?.grid.beginCell(attributes);
      else if (breaking.has(name)) say({ line, text: "\r" }, table);
    },
    ontext(data) {
      if (unseen === 0) say({ line: lineAt(parser.startIndex), text: data }, open.at(-1));
    },
    onclosetag(name, isImplied) {
      const table = open.at(-1);
      if (table !== undefined && (name === "td" || name === "th")) {
        table.closes ||= !isImplied;
        table.isCut = table.closes && isImplied;
      }
      if (name === "script" || name === "style") unseen -= 1;
      if (table !== undefined && (name === "tr" || name === "table")) endRow(table);
      if (name === "table") open.pop();
      if (breaking.has(name)) say({ line: lineAt(parser.startIndex), text: "\r" }, open.at(-1));
    },
  });
  parser.end(text);
  return lines.join("\n");
}

/** A row of a table that is drawn with pipes, as a table within the cell is by then. */
const pipedLine = /^\s*\|[^\r\n]*\|[^\r\n]*\|/mu;

/** Whether a cell is none, but a place on the page for what stands in it. */
function holdsOutput(cell: string, isOutput: (lines: string) => boolean): boolean {
  const text = cell.replaceAll("\r", "\n");
  return pipedLine.test(text) || (/\S\s*\n\s*\S/u.test(text) && isOutput(text));
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
