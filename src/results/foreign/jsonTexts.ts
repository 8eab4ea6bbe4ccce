/** Texts within JSON, as loggers, notebooks and programming interfaces keep what a program printed, in their places. */

export interface Unfolded {
  readonly text: string;
  /** Where a line of `text`, from 1, stands in the file: `line 3`, and within a string `line 3 (line 9 of its text)`. */
  readonly placeOf: (line: number) => string;
}

/** Whether a place is one among several lines of a string. */
export function isWithinText(place: string): boolean {
  return place.includes("(");
}

/** A string of JSON where a value stands; it ends on its line. */
const stringValue = /(?<=(?:^|[:[,])[ \t]*)"(?:[^"\\\n]|\\.)*"(?!\s*:)/gmu;

/** What no text is without that has such a string: most files of results are, and have a hundred thousand strings. */
const anyOutput = /\\n|"\s*[|[{]/u;

/** A program's output within an answer within a log. */
const deepest = 3;

/** Each string that holds several lines, or one of a table or of JSON, in lines of its own; null where there is none. */
export function withJsonTexts(text: string): Unfolded | null {
  if (!anyOutput.test(text)) return null;
  let unfolded: Unfolded = { text, placeOf: (line) => `line ${line}` };
  for (let depth = 0; depth < deepest; depth++) {
    const deeper = unfoldedOnce(unfolded);
    if (deeper === null) return depth === 0 ? null : unfolded;
    unfolded = deeper;
  }
  return unfolded;
}

function unfoldedOnce({ text, placeOf }: Unfolded): Unfolded | null {
  const strings = outputsIn(text);
  if (strings.length === 0) return null;
  const parts: string[] = [];
  /** Of each line that is complete. */
  const places: string[] = [];
  let [line, at] = [1, 0];
  /** Of what stands beside a line that is kept as a string nothing is its own. */
  const goTo = (end: number, beside: { readonly first: boolean; readonly last: boolean }): void => {
    const lines = text.slice(at, end).split("\n");
    if (beside.first) lines[0] = "";
    if (beside.last) lines[lines.length - 1] = "";
    parts.push(lines.join("\n"));
    for (let left = lines.length; left > 1; left--) places.push(placeOf(line++));
    at = end;
  };
  let behindLine = false;
  for (const { value, start, end, isLine } of strings) {
    goTo(start, { first: behindLine, last: isLine });
    const place = placeOf(line);
    const inner = value.split("\n");
    parts.push(`\n${value}\n`);
    places.push(place, ...inner.map((_, row) => withRow(place, row + 1, inner.length)));
    at = end;
    behindLine = isLine;
  }
  goTo(text.length, { first: behindLine, last: false });
  places.push(placeOf(line));
  return { text: parts.join(""), placeOf: (number) => places[number - 1] ?? `line ${number}` };
}

interface OutputString {
  readonly value: string;
  /** Of the literal. */
  readonly start: number;
  readonly end: number;
  /** Whether it is one line of an output that is kept line by line. */
  readonly isLine: boolean;
}

/** Strings that may hold what a program printed. Of one that is kept line by line each line is one, whatever it says. */
function outputsIn(text: string): OutputString[] {
  const all = [...text.matchAll(stringValue)].flatMap(({ 0: literal, index: start }) => {
    const value = valueOf(literal)?.replaceAll("\r\n", "\n").replace(/\n$/u, "") ?? null;
    const end = start + literal.length;
    return value === null ? [] : [{ value, start, end, key: keyBefore(text, start) }];
  });
  const keysOfLines = new Set(all.flatMap(({ value, key }) => (isTableLine(value) ? [key] : [])));
  return all.flatMap(({ key, ...one }): OutputString[] => {
    const { value } = one;
    if (value.includes("\n")) return [{ ...one, isLine: false }];
    if (keysOfLines.has(key)) return [{ ...one, isLine: true }];
    return /^\s*[[{]/u.test(value) ? [{ ...one, isLine: false }] : [];
  });
}

function isTableLine(value: string): boolean {
  return /^\s*\|.*\|\s*$/u.test(value);
}

const longestKey = 100;

/** The key that a value stands behind; empty of an array's. */
function keyBefore(text: string, at: number): string {
  return /"([^"\\\n]*)"\s*:\s*$/u.exec(text.slice(Math.max(0, at - longestKey), at))?.[1] ?? "";
}

function valueOf(literal: string): string | null {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return null;
  }
}

function withRow(place: string, row: number, rows: number): string {
  return rows === 1 || isWithinText(place) ? place : `${place} (line ${row} of its text)`;
}
