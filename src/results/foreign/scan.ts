/** A text while its containers are read one after the other: a line that one of them has is nobody else's. */
import type { Line } from "./lines.ts";

export class Scan {
  readonly lines: readonly Line[];
  /** Whether no line break ends the last line, as where a text is cut off in its midst. */
  readonly isOpen: boolean;
  readonly #claimed = new Set<number>();
  #outputs = 0;

  constructor(lines: readonly Line[], isOpen = false) {
    this.lines = lines;
    this.isOpen = isOpen;
  }

  /** Lines by their numbers, both included. */
  claim(first: number, last: number): void {
    for (let number = first; number <= last; number++) this.#claimed.add(number);
  }

  /** Lines that no container has yet. */
  free(): Line[] {
    return this.lines.filter(({ number }) => !this.#claimed.has(number));
  }

  /** A number for the rows of one output. */
  nextOutput(): number {
    this.#outputs += 1;
    return this.#outputs - 1;
  }
}
