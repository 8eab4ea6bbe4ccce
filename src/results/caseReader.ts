/**
 * Case objects of JSON, and lines that hold one, as rows, checked at the speed of 100,000 lines.
 *
 * Zod builds each row key by key, a third of the time that reading takes. A row's object is the one before with what
 * differs instead, and its plain values are checked here; all else, and every row that isn't fine, goes to zod.
 */
import type { z } from "zod";
import { checked } from "./lineMismatch.ts";
import { linePartsOf } from "./lineParts.ts";
import { numberCheck } from "./numberCheck.ts";
import { keyStart, LinePartReader, type Said } from "./linePartReader.ts";
import type { ReadRow, RowSchema } from "./row.ts";
import { isShared, type ChangedColumns } from "./sharedParts.ts";

interface Key {
  readonly name: string;
  readonly takesNull: boolean;
  readonly takesAnyText: boolean;
  /** Null where it takes none. */
  readonly isNumber: ((value: unknown) => boolean) | null;
  /** Of a list of numbers. */
  readonly isElement: ((value: unknown) => boolean) | null;
  readonly takesTexts: boolean;
  /** Whether parts of records are made of it that many rows share. */
  readonly isShared: boolean;
  readonly schema: z.ZodType;
}

/** What a key takes is asked of its schema. */
function keyOf(name: string, schema: z.ZodType): Key {
  const takes = (value: unknown): boolean => schema.safeParse(value).success;
  return {
    name,
    takesNull: takes(null),
    takesAnyText: takes("\u0000"),
    isNumber: takes(1) ? numberCheck(takes) : null,
    isElement: takes([]) && takes([1]) ? numberCheck((value) => takes([value])) : null,
    takesTexts: takes([]) && takes(["\u0000", ""]),
    isShared: isShared(name),
    schema,
  };
}

function isFine(key: Key, value: unknown): boolean {
  if (value === null) return key.takesNull;
  if (typeof value === "string") return key.takesAnyText;
  if (typeof value === "number") return key.isNumber?.(value) ?? false;
  if (!Array.isArray(value)) return false;
  return (
    (key.isElement !== null && value.every(key.isElement)) ||
    (key.takesTexts && value.every((element) => typeof element === "string"))
  );
}

/** Nothing is kept twice: a list of the same texts, or of none, stays the one of the case before. */
function areSameTexts(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((value, at) => typeof value === "string" && value === b[at]);
}

const caseBeginning = '{"type":"case",';

type Row = Record<string, unknown>;

/** Keys that are read together, and what the last object had of them. */
class Keys {
  readonly #keys: ReadonlyMap<string, Key>;
  /** Keys of the other parts of a line, which none of this one may have. */
  readonly #others: ReadonlySet<string>;
  /** The keys of the object before, in its order; null for those that the schema doesn't know. */
  #order: { readonly name: string; readonly key: Key | null }[] = [];
  /** Its values, in that order. */
  #given: unknown[] = [];

  constructor(keys: readonly Key[], others: readonly string[] = []) {
    this.#keys = new Map(keys.map((key) => [key.name, key]));
    this.#others = new Set(others);
  }

  /**
   * Turns the row before into this one; false where a value isn't fine. Equal values stay the very ones of the row before:
   * machine, system and model repeat through a run, and 100,000 copies of them would take most of the memory.
   * @param changed gets the names of what differs and is shared.
   */
  update(row: Row, given: Row, changed: string[]): boolean {
    let at = 0;
    // Objects of a run have the same keys in the same order: looking each up by name takes three times as long.
    for (const name in given) {
      const known = this.#order[at];
      if (known?.name !== name) return this.#reorder(row, given, changed);
      const cell = given[name];
      if (cell !== this.#given[at]) {
        this.#given[at] = cell;
        if (known.key !== null) {
          if (known.key.isShared) changed.push(name);
          if (!take(known.key, cell, row)) return false;
        }
      }
      at += 1;
    }
    return at === this.#order.length || this.#reorder(row, given, changed);
  }

  /** The next object is read key by key. */
  forget(): void {
    this.#order = [];
    this.#given = [];
  }

  #reorder(row: Row, given: Row, changed: string[]): boolean {
    const names = Object.keys(given);
    if (names.some((name) => this.#others.has(name))) return false;
    this.#order = names.map((name) => ({ name, key: this.#keys.get(name) ?? null }));
    this.#given = Object.values(given);
    for (const key of this.#keys.values()) {
      changed.push(key.name);
      if (!take(key, given[key.name], row)) return false;
    }
    return true;
  }
}

interface Part {
  readonly reader: LinePartReader;
  /** Null of what isn't read. */
  readonly keys: Keys | null;
  /** What the line before said. */
  said: Said | null;
}

export class CaseReader {
  readonly #schema: RowSchema;
  readonly #whole: Keys;
  readonly #parts: readonly Part[];
  /** As the journal's writer begins a case's line, up to the first key of the first part. */
  readonly #beginning: string;
  #current: ReadRow | null = null;
  /** Whether the row before was read in parts. */
  #inParts = false;
  #changed: string[] | null = null;

  constructor(schema: RowSchema) {
    this.#schema = schema;
    const keys = Object.entries(schema.shape).map(([name, key]) => keyOf(name, key as z.ZodType));
    this.#whole = new Keys(keys);
    const parts = linePartsOf(schema);
    const [first = ""] = parts[0]?.names ?? [];
    this.#beginning = `${caseBeginning}${keyStart(first).slice(1)}`;
    this.#parts = parts.map((part, at) => {
      const names = new Set(part.names);
      const own = keys.filter(({ name }) => names.has(name));
      const others = keys.filter(({ name }) => !names.has(name)).map(({ name }) => name);
      return {
        reader: new LinePartReader(part, parts[at + 1]?.names[0] ?? null),
        keys: part.kind === "unread" ? null : new Keys(own, ["type", ...others]),
        said: null,
      };
    });
  }

  /**
   * Unknown keys are left out, missing ones are unknown.
   * @throws LineMismatch
   */
  read(value: object): ReadRow {
    // Copies of one object are cheap, where copies of copies cost V8 fifteen times as much.
    return { ...this.look(value) };
  }

  /**
   * The same, valid until the next: for who keeps nothing of it.
   * @throws LineMismatch
   */
  look(value: object): ReadRow {
    if (this.#inParts) this.#whole.forget();
    this.#inParts = false;
    this.#changed = [];
    if (this.#current === null || !this.#whole.update(this.#current, value as Row, this.#changed)) {
      this.#whole.forget();
      this.#changed = null;
      this.#current = checked(this.#schema, value);
    }
    return this.#current;
  }

  /**
   * The same of a line that stands as the journal's writer has it: what it says as the lines before did isn't taken apart,
   * nor what nobody wants. Null of any other line, which `look` is for.
   * @throws LineMismatch
   */
  glance(line: string): ReadRow | null {
    if (!line.startsWith(this.#beginning)) return null;
    const row = this.#current;
    if (row === null) return this.#first(line);
    if (!this.#inParts) for (const part of this.#parts) forget(part);
    this.#inParts = true;
    this.#changed = [];
    let start = caseBeginning.length;
    for (const part of this.#parts) {
      const said = part.reader.in(line, start);
      if (said === null) return null;
      if (said !== part.said && part.keys?.update(row, said.values as Row, this.#changed) === false)
        return null;
      part.said = said;
      start += said.text.length + 1;
    }
    return row;
  }

  #first(line: string): ReadRow | null {
    const whole: Row = {};
    let start = caseBeginning.length;
    for (const { reader } of this.#parts) {
      const said = reader.in(line, start);
      if (said === null) return null;
      Object.assign(whole, said.values);
      start += said.text.length + 1;
    }
    return "type" in whole ? null : this.look(whole);
  }

  /** Shared columns that the last row has other than the one before; null where it may be all. */
  get changed(): ChangedColumns {
    return this.#changed;
  }
}

function forget(part: Part): void {
  part.said = null;
  part.keys?.forget();
}

/** False where the value isn't fine. */
function take(key: Key, cell: unknown, row: Row): boolean {
  const { name } = key;
  if (areSameTexts(cell, row[name])) return true;
  if (isFine(key, cell)) row[name] = cell;
  else {
    const slow = key.schema.safeParse(cell);
    if (!slow.success) return false;
    row[name] = slow.data;
  }
  return true;
}
