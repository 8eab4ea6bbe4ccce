/**
 * What of a case's line its reader doesn't want: samples, launches and buffers are a good third of it, and taking them apart
 * would take as much of the time that a report takes.
 */
import { journalKeyNames } from "./journalKeys.ts";
import type { RowSchema } from "./row.ts";

/** Where a key begins in a line. A quote within a text is escaped, so that this stands nowhere else. */
const keyStart = (name: string): string => `,"${name}":`;

/**
 * Cuts the journal's first keys that the schema lacks out of a line, up to the first that it has; null of a line that isn't
 * as the journal's writer has it. What is left may be no JSON: then the line is to be read whole.
 */
export function unreadKeysCutter(schema: RowSchema): (line: string) => string | null {
  const isRead = journalKeyNames.map((name) => name in schema.shape);
  const [first, next] = [isRead.indexOf(false), isRead.indexOf(true, isRead.indexOf(false))];
  if (first === -1 || next === -1) return () => null;
  const begin = keyStart(journalKeyNames[first] ?? "");
  const end = keyStart(journalKeyNames[next] ?? "");
  return (line) => {
    const from = line.indexOf(begin);
    const to = from === -1 ? -1 : line.indexOf(end, from);
    return to === -1 ? null : line.slice(0, from) + line.slice(to);
  };
}
