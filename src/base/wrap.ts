/** Words on lines of a given width. */
import wrapAnsi from "wrap-ansi";

/** `[2] ` and `- `: what goes on below stands behind them. */
const marker = /^ *(?:\[\d+\] |- )?/;

/**
 * Each line within `width` characters, what goes on below it under its first word; a word that is wider is broken.
 * Infinity leaves the text as it is.
 */
export function wrapped(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  return text
    .split("\n")
    .map((line) => (line.length <= width ? line : broken(line, width)))
    .join("\n");
}

function broken(line: string, width: number): string {
  const start = marker.exec(line)?.[0] ?? "";
  const indent = start.length < width / 2 ? start.length : 0;
  const words = wrapAnsi(line.slice(indent), width - indent, { hard: true });
  return line.slice(0, indent) + words.replaceAll("\n", `\n${" ".repeat(indent)}`);
}
