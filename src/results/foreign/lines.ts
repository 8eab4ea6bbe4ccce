/** The lines of a text as people paste it, without what terminals, mails and loggers put around them. */
import { stripVTControlCharacters } from "node:util";

export interface Line {
  /** From 1, as an editor counts. */
  readonly number: number;
  readonly text: string;
}

/** Byte order marks in the midst of a file that was put together, marks of a text's direction, other characters without width. */
const invisible = /[\uFEFF\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\u00AD]/gu;
const wideBlanks = /[\u00A0\u2007\u202F]/gu;
/** Lines of boxes, as `sqlite3 -box` draws them. */
const boxLines = /[│┃║]/gu;
const plusMinus = /&plusmn;|&#177;|\\pm\b/gu;

/** `> ` of a quoted mail, as deep as it was answered. */
const quoteMarks = /^\s*(?:>[ ]?)+(?=\s*\S)/u;

const date = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const clock = String.raw`\d{1,2}:\d\d:\d\d(?:[.,]\d+)?`;
/** `12.345678`, seconds since the start, only in brackets; llama.cpp's own `0.00.035.060`. */
const seconds = String.raw`\d+\.\d\d\.\d{3}\.\d{3}`;
const level = String.raw`(?:(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|[TDIWE])\b[ :-]*)?`;

/** What loggers write before a line, with the level behind it. A tab ends a cell, and is none of it. */
const stamps = [
  new RegExp(String.raw`^ *[[(](?:${date}|${clock}|${seconds}| *\d+\.\d+)[\])][ :-]*${level}`, "u"),
  new RegExp(String.raw`^ *(?:${date}|${clock}|${seconds})(?:[ :-]+(?=\S))${level}`, "u"),
  // syslog: `Nov 29 12:00:01 host program[123]: `
  /^ *[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \S+ [^\s:]+: /u,
  // The container runtime interface, behind its date: `stdout F `, or `P ` of a part of a line.
  /^ *std(?:out|err) [FP](?: |$)/u,
];

/** A diff's own line: what begins with `-` below it is what the file held before. */
const hunk = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/mu;

/** Cleaned lines, in order; blank ones are left out, and those that a diff takes away. */
export function cleanLines(text: string): Line[] {
  const lines: Line[] = [];
  let number = 0;
  const plain = plainText(text);
  const isDiff = hunk.test(plain);
  for (const physical of plain.split("\n")) {
    number += 1;
    if (isDiff && physical.startsWith("-")) continue;
    // A carriage return in the midst is a progress bar's, which writes its line again.
    for (const part of physical.split("\r")) {
      const cleaned = withoutStamp(part.replace(quoteMarks, ""));
      if (cleaned.trim() !== "") lines.push({ number, text: cleaned });
    }
  }
  return withoutCommonStart(lines);
}

function plainText(text: string): string {
  const isControlled = text.includes("\u001B") || text.includes("\u009B");
  return (isControlled ? stripVTControlCharacters(text) : text)
    .replaceAll(invisible, "")
    .replaceAll(wideBlanks, " ")
    .replaceAll(boxLines, "|")
    .replaceAll(plusMinus, "±");
}

function withoutStamp(line: string): string {
  let rest = line;
  for (const stamp of stamps) {
    // Most lines have none, and none begins otherwise.
    if (!/^ *[[(\dA-Zs]/u.test(rest)) break;
    rest = rest.replace(stamp, "");
  }
  return rest;
}

/** A container's name, as logs have it before every line: `bench-1  | `. */
const containerName = /^[\w.-]+ *\| /u;

/** A comment's mark, a list's, a diff's plus, the place where grep found a line, its number. */
const marks = [
  /^\s*(?:#|\/\/|;|%)(?= |$) ?/u,
  /^\s*[-*•](?= |$) ?/u,
  /^\+(?!-)/u,
  /^[\w./\\-]+:\d+:/u,
  /^[\w/\\-]+\.\w+:(?! )/u,
  /^ *\d+(?:[:\t]| {2})/u,
];

/** Without what a tool or a person put before all lines alike. */
function withoutCommonStart(lines: readonly Line[]): Line[] {
  const [first, ...others] = lines;
  if (first === undefined || others.length === 0) return [...lines];
  const name = containerName.exec(first.text)?.[0];
  if (name !== undefined && others.every(({ text }) => text.startsWith(name)))
    return lines.map(({ number, text }) => ({ number, text: text.slice(name.length) }));
  const mark = marks.find((one) => lines.every(({ text }) => one.test(text)));
  if (mark === undefined) return [...lines];
  return lines
    .map(({ number, text }) => ({ number, text: text.replace(mark, "") }))
    .filter(({ text }) => text.trim() !== "");
}
