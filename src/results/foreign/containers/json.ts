/** Rows in JSON: arrays, an object a line, wrapped in whatever, several in one text, logs among them. */
import { nothingFound, type Fields, type Found } from "../found.ts";
import type { Line } from "../lines.ts";
import type { Scan } from "../scan.ts";
import { ownerOf } from "../tools/tools.ts";
import { jsonRegions, type Region } from "./jsonRegions.ts";

/** A text that is JSON and nothing else; null for any other. */
export function wholeJson(text: string, scan: Scan): Found | null {
  if (!/^\s*[[{]/u.test(text)) return null;
  const value = parsed(text);
  if (value === undefined) return null;
  const found = nothingFound();
  collect(value, { found, scan, lineOf: null });
  return found;
}

/** Lines that JSON has, and what stands before a value on its line. */
const jsonLine = /^\s*(?:[{}[\]",\-\d]|(?:true|false|null|-?nan|-?inf)\b)/u;
const valueBehindText = /[[{](?=\s*(?:[[{]|"\w+"\s*:))/u;

/** Keys that a record of any tool has: what is cut off before its end is known by them. */
const recordMark = /"(?:model_type|avg_ts|build_commit|speed_pp|prompt_tps)"\s*:/u;

export function jsonRows(scan: Scan): Found {
  const found = nothingFound();
  const view = viewOf(scan.free());
  if (!recordMark.test(view.text)) return found;
  for (const region of jsonRegions(view.text)) readRegion(region, view, { found, scan });
  return found;
}

interface View {
  readonly text: string;
  lineAt(offset: number): number;
}

function viewOf(lines: readonly Line[]): View {
  const starts: number[] = [];
  const numbers: number[] = [];
  const texts: string[] = [];
  let length = 0;
  for (const { number, text } of lines) {
    const behind = jsonLine.test(text) ? text : text.slice(startOfValue(text));
    if (behind === "") continue;
    starts.push(length);
    numbers.push(number);
    texts.push(behind);
    length += behind.length + 1;
  }
  const lineAt = (offset: number): number => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return numbers[low - 1] ?? 0;
  };
  return { text: texts.join("\n"), lineAt };
}

function startOfValue(text: string): number {
  const at = text.search(valueBehindText);
  return at === -1 ? text.length : at;
}

interface Reading {
  readonly found: Found;
  readonly scan: Scan;
}

/** No program nests its results deeper; what is, was made to be. */
const deepest = 50;

function readRegion(region: Region, view: View, reading: Reading, depth = 0): void {
  const { found, scan } = reading;
  const line = view.lineAt(region.start);
  const value = region.isCut ? undefined : valueOf(view.text.slice(region.start, region.end));
  if (value !== undefined) {
    const lines = recordsIn(region, view.text).map(({ start }) => view.lineAt(start));
    const count = collect(value, { ...reading, lineOf: (at) => lines[at] ?? line });
    if (count > 0) scan.claim(line, view.lineAt(region.end - 1));
    return;
  }
  if (isRecord(region, view.text) || depth === deepest) {
    found.leftOut.push({ place: `line ${line}`, reason: damageOf(region, depth) });
    scan.claim(line, view.lineAt(Math.max(region.start, ownEnd(region, view.text) - 1)));
  }
  if (depth < deepest)
    for (const inner of region.inner) readRegion(inner, view, reading, depth + 1);
}

function damageOf({ isCut }: Region, depth: number): string {
  if (depth === deepest) return "it is nested too deeply";
  return isCut
    ? "the record is cut off before its end"
    : "the record isn't JSON; something stands in its midst";
}

/** Of a record that isn't closed the text goes on with something else, which isn't its own. */
function ownEnd(region: Region, text: string): number {
  if (!region.isCut) return region.end;
  const next = region.inner.find(
    ({ start }) => text[start] === "{" || /^\[\s*\{/u.test(text.slice(start, start + 100)),
  );
  return next?.start ?? region.end;
}

/** Objects within a region that are records, in order. A list, not recursion: brackets may be nested deeper than the stack. */
function recordsIn(region: Region, text: string): Region[] {
  const records: Region[] = [];
  const pending = [region];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (isRecord(next, text)) records.push(next);
    else for (const inner of next.inner.toReversed()) pending.push(inner);
  }
  return records;
}

/** An object that has a record's keys itself, not in one within it. */
function isRecord(region: Region, text: string): boolean {
  if (text[region.start] !== "{") return false;
  let own = "";
  let at = region.start;
  for (const inner of region.inner) {
    own += text.slice(at, inner.start);
    at = inner.end;
  }
  return recordMark.test(own + text.slice(at, region.end));
}

/** llama-bench prints what C's `printf` makes of a number that is none. */
const bareNumber = /([:[,]\s*)-?(?:nan(?:\([\w-]*\))?|inf(?:inity)?)(?=\s*[,\]}])/giu;

/** Undefined where it isn't JSON. */
function valueOf(text: string): unknown {
  return parsed(text) ?? parsed(text.replaceAll(bareNumber, "$1null"));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Collecting extends Reading {
  /** Of the row with this number among the value's, from 0; null where rows are counted instead. */
  readonly lineOf: ((at: number) => number) | null;
}

interface Visit {
  readonly value: unknown;
  readonly outer: readonly Fields[];
  readonly array: unknown;
  /** Whether others beside it in its array are rows. */
  readonly amongRows: boolean;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Finds the rows in a value, however deep. @returns how many there are, those left out counted */
function collect(whole: unknown, { found, scan, lineOf }: Collecting): number {
  const { rows, leftOut } = found;
  const [rowsBefore, allBefore] = [rows.length, rows.length + leftOut.length];
  const outputs = new Map<unknown, number>();
  // A list, not recursion: JSON may be deeper than the stack.
  const pending: Visit[] = [{ value: whole, outer: [], array: null, amongRows: false }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { value, outer, array } = visit;
    const line = lineOf?.(rows.length - rowsBefore) ?? 0;
    const count = rows.length + leftOut.length - allBefore + 1;
    const place = line > 0 ? `line ${line}` : `record ${count}`;
    const refusal = refusalOf(visit);
    const tool = isObject(value) && refusal === null ? ownerOf(Object.keys(value)) : null;
    if (isObject(value) && tool !== null) {
      const output = array === null ? null : (outputs.get(array) ?? scan.nextOutput());
      if (output !== null) outputs.set(array, output);
      rows.push({ tool, fields: value, outer, output, place, line });
    } else if (refusal !== null) leftOut.push({ place, reason: refusal });
    else for (const inner of innerOf(value, outer).toReversed()) pending.push(inner);
  }
  return rows.length + leftOut.length - allBefore;
}

/** Why an object that stands where rows stand is none; null for rows, and for what rows may stand in. */
function refusalOf({ value, amongRows }: Visit): string | null {
  if (!isObject(value)) return null;
  if ("case_id" in value) return "it is a row of llmbench; give it in a file of its own";
  return amongRows && ownerOf(Object.keys(value)) === null
    ? "it is no result of any program that is known"
    : null;
}

function innerOf(value: unknown, outer: readonly Fields[]): Visit[] {
  if (Array.isArray(value)) {
    const objects: readonly unknown[] = value;
    const amongRows = objects.some((one) => isObject(one) && ownerOf(Object.keys(one)) !== null);
    return objects.map((one) => ({ value: one, outer, array: value, amongRows }));
  }
  if (!isObject(value)) return [];
  const around = [value, ...outer];
  return Object.values(value).map((one) => {
    return { value: one, outer: around, array: null, amongRows: false };
  });
}
