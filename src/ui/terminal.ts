/** What the terminal that text goes to can show: its width, and whether words may stand out. */
import { styleText } from "node:util";

/** Where the output is no terminal, or one that doesn't say. */
const usualWidth = 80;

/** Narrower than this, words are broken in their midst. */
const leastWidth = 20;

/** Characters of a line of prose. */
export function terminalWidth(output: NodeJS.WriteStream = process.stdout): number {
  return Math.max(leastWidth, (output.isTTY && output.columns) || usualWidth);
}

/** Characters of a line of a table: none breaks one that goes to a file or another program, where it is Infinity. */
export function tableWidth(output: NodeJS.WriteStream = process.stdout): number {
  return output.isTTY ? terminalWidth(output) : Infinity;
}

/** The width that reporters are told, which make Markdown of a table unless a terminal shows it. */
export function shownOn(output: NodeJS.WriteStream = process.stdout): { readonly width?: number } {
  return output.isTTY ? { width: terminalWidth(output) } : {};
}

/** Bold on a terminal, unless NO_COLOR (no-color.org) is set or TERM is `dumb`. */
export function emphasize(text: string, output: NodeJS.WriteStream = process.stdout): string {
  const { NO_COLOR: noColor, TERM: term } = process.env;
  const styled = output.isTTY && (noColor ?? "") === "" && term !== "dumb";
  return styled ? styleText("bold", text, { validateStream: false }) : text;
}
