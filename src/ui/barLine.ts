/** One line of a progress bar: where there is little room the bar gives way before the words do. */

export interface Shown {
  /** What is being done. */
  readonly label: string;
  /** Share of the way, from 0 to 1. */
  readonly share: number;
  /** What stands behind the percentage, with a blank before it; empty for nothing. */
  readonly detail: string;
}

const widestBar = 24;
/** A shorter one shows nothing that the percentage doesn't. */
const shortestBar = 4;
const shortestLabel = 12;

/** @param width of the terminal; a line that reaches its last character may be broken. */
export function barLine({ label, share, detail }: Shown, width: number): string {
  const tail = `${Math.floor(share * 100)}%${detail}`;
  const room = width - 1 - label.length - tail.length - " [] ".length;
  if (room >= shortestBar) return `${label} ${bar(share, Math.min(room, widestBar))} ${tail}`;
  const labelRoom = Math.max(shortestLabel, width - 2 - tail.length);
  return cut(`${cut(label, labelRoom)} ${tail}`, width - 1);
}

function bar(share: number, size: number): string {
  const done = Math.round(share * size);
  return `[${"=".repeat(done)}${"-".repeat(size - done)}]`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
