/**
 * Values of JSON in a text that holds other things too: several arrays one after the other, logs between them, an end that
 * is missing.
 */

/** From a bracket or a brace to the one that closes it. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** Those within it. */
  readonly inner: readonly Region[];
  /** Whether the text ends, or something else goes on, before it is closed. */
  readonly isCut: boolean;
}

interface Open {
  readonly start: number;
  readonly inner: Region[];
}

/** A string, which ends on its line, or a bracket. */
const token = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[{}[\]]/gu;

/** The outermost regions, in order; of one that isn't closed the ones within it follow. */
export function jsonRegions(text: string): Region[] {
  const outermost: Region[] = [];
  const open: Open[] = [];
  const finish = (end: number, isCut: boolean): void => {
    const ended = open.pop();
    if (ended === undefined) return;
    const into = open.at(-1)?.inner ?? outermost;
    into.push({ start: ended.start, end, inner: ended.inner, isCut });
  };
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === "{" || found === "[") open.push({ start: index, inner: [] });
    else if (found === "}" || found === "]") {
      const opening = found === "}" ? "{" : "[";
      const at = open.findLastIndex(({ start }) => text[start] === opening);
      if (at === -1) continue;
      while (open.length > at + 1) finish(index, true);
      finish(index + 1, false);
    }
  }
  while (open.length > 0) finish(text.length, true);
  return outermost;
}
