/** Finds a part of a case's line, and takes it apart where it says what none of the lines before said. */
import { LastFew } from "../base/lastFew.ts";
import type { LinePart } from "./lineParts.ts";

/** What a part says. */
export interface Said {
  /** As it stands in the line: an object of JSON without its braces. */
  readonly text: string;
  /** Empty of what no reader wants. */
  readonly values: object;
}

/** Where a key begins in a line. A quote within a text is escaped, so that this stands nowhere else. */
export const keyStart = (name: string): string => `,"${name}":`;

export class LinePartReader {
  readonly #part: LinePart;
  /** What stands behind the part in a line. */
  readonly #next: string;
  readonly #isLast: boolean;
  readonly #remembered = new LastFew<Said>();

  /** @param next the key behind the part; null behind the last. */
  constructor(part: LinePart, next: string | null) {
    this.#part = part;
    this.#next = next === null ? "}" : keyStart(next);
    this.#isLast = next === null;
  }

  /** Null where no such part stands there. */
  in(line: string, start: number): Said | null {
    for (const said of this.#remembered.items) if (this.#isAt(line, start, said)) return said;
    const end = this.#endIn(line, start);
    if (end < start || !line.startsWith(this.#next, end)) return null;
    const text = line.slice(start, end);
    if (this.#part.kind === "unread") return { text, values: nothing };
    const values = objectOf(text);
    return values === null ? null : this.#remembered.keep({ text, values });
  }

  #endIn(line: string, start: number): number {
    if (this.#isLast) return line.length - 1;
    // What nobody reads is half of a line, and longer than all that follows.
    if (this.#part.kind === "unread") return line.lastIndexOf(this.#next);
    return line.indexOf(this.#next, start);
  }

  #isAt(line: string, start: number, { text }: Said): boolean {
    const end = start + text.length;
    if (this.#isLast && end !== line.length - 1) return false;
    // V8 compares two texts ten times as fast as it looks whether one starts with the other.
    return line.startsWith(this.#next, end) && line.slice(start, end) === text;
  }
}

const nothing = {};

function objectOf(text: string): object | null {
  try {
    return JSON.parse(`{${text}}`) as object;
  } catch {
    return null;
  }
}
