/** What the terminal that text goes to can show: its width, and whether words may stand out. */
import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";

/** Where the output is no terminal. */
const usualWidth = 80;

/** Characters of a line; narrower ones than 40 break any table. */
export function terminalWidth(output: NodeJS.WriteStream = process.stdout): number {
  return Math.max(40, output.isTTY ? output.columns : usualWidth);
}

/** Bold on a terminal, unless NO_COLOR (no-color.org) is set or TERM is `dumb`. */
export function emphasize(text: string, output: NodeJS.WriteStream = process.stdout): string {
  const { NO_COLOR: noColor, TERM: term } = process.env;
  const styled = output.isTTY && (noColor ?? "") === "" && term !== "dumb";
  return styled ? styleText("bold", text) : text;
}

/** Each line within the terminal's width, what goes on below it under its first word. */
export function wrapped(text: string, width = terminalWidth()): string {
  return text
    .split("\n")
    .map((line) => {
      const indent = /^ */.exec(line)?.[0] ?? "";
      return wrapAnsi(line.trim(), width - indent.length).replaceAll(/^/gm, indent);
    })
    .join("\n");
}
