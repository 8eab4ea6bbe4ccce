/**
 * The records of a CSV, one after the other, cells read only when they are asked for: most cells of a large file are
 * empty or those of the row above, and a parser that makes a text of each takes ten times as long.
 */

export interface CsvRecords {
  /** Goes on to the next record; false behind the last. */
  next(): boolean;
  /** Cells of this record; those before it had as many. */
  readonly width: number;
  /** Indices of those that aren't written as in the record before; of the first record all. */
  readonly changed: readonly number[];
  cell(index: number): string;
}

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Something that RFC 4180 doesn't allow, or another line end: for the parser to judge. */
export class Unusual extends Error {
  override readonly name = "Unusual";
}

/** RFC 4180 with either line end; empty lines are passed over. Throws `Unusual` for all else. */
export class ScannedRecords implements CsvRecords {
  readonly changed: number[] = [];
  readonly #text: string;
  #at = 0;
  #width = 0;
  /** Where the cells of this record begin and end, and those of the record before. */
  #starts: number[] = [];
  #ends: number[] = [];
  #startsBefore: number[] = [];
  #endsBefore: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  get width(): number {
    return this.#starts.length;
  }

  next(): boolean {
    [this.#starts, this.#startsBefore] = [this.#startsBefore, this.#starts];
    [this.#ends, this.#endsBefore] = [this.#endsBefore, this.#ends];
    const text = this.#text;
    let at = this.#at;
    while (isLineEnd(text.charCodeAt(at))) at = behindLineEnd(text, at);
    if (at >= text.length) return false;
    this.changed.length = 0;
    let cells = 0;
    for (;;) {
      this.#starts[cells] = at;
      at = this.#endOf(cells, at);
      this.#ends[cells] = at;
      cells += 1;
      if (text.charCodeAt(at) !== comma) break;
      at += 1;
    }
    if (at < text.length && !isLineEnd(text.charCodeAt(at))) throw new Unusual();
    this.#at = at < text.length ? behindLineEnd(text, at) : at;
    this.#starts.length = cells;
    this.#ends.length = cells;
    if (this.#width !== 0 && this.#width !== cells) throw new Unusual();
    this.#width = cells;
    return true;
  }

  cell(index: number): string {
    const [start, end] = [this.#starts[index] ?? 0, this.#ends[index] ?? 0];
    if (this.#text.charCodeAt(start) !== quote || start === end)
      return this.#text.slice(start, end);
    return this.#text.slice(start + 1, end - 1).replaceAll('""', '"');
  }

  /** Reads along the cell above as far as this one is the same: mostly all of it. */
  #endOf(index: number, start: number): number {
    const text = this.#text;
    const endBefore = this.#endsBefore[index] ?? -1;
    let before = this.#startsBefore[index] ?? 0;
    let at = start;
    while (before < endBefore && text.charCodeAt(at) === text.charCodeAt(before)) {
      at += 1;
      before += 1;
    }
    if (before === endBefore && endsCell(text.charCodeAt(at))) return at;
    this.changed.push(index);
    return text.charCodeAt(start) === quote ? quotedEnd(text, start) : plainEnd(text, at);
  }
}

/** NaN is behind the text. */
function endsCell(code: number): boolean {
  return code === comma || isLineEnd(code) || Number.isNaN(code);
}

function isLineEnd(code: number): boolean {
  return code === lineFeed || code === carriageReturn;
}

function behindLineEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === lineFeed) return at + 1;
  // A carriage return alone ends lines on systems long gone.
  if (text.charCodeAt(at + 1) !== lineFeed) throw new Unusual();
  return at + 2;
}

function plainEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Letters and digits come behind all that ends a cell.
    if (code > comma) continue;
    if (endsCell(code)) return at;
    if (code === quote) throw new Unusual();
  }
  return text.length;
}

function quotedEnd(text: string, start: number): number {
  let at = start;
  do {
    at = text.indexOf('"', at + 1) + 1;
    if (at === 0) throw new Unusual();
  } while (text.charCodeAt(at) === quote);
  return at;
}
