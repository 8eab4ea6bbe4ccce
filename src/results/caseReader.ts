/**
 * Case objects of JSON as rows, checked at the speed of 100,000 lines.
 *
 * Zod builds each row key by key, a third of the time that reading takes. A row's object is a copy of the one before
 * instead, and its plain values are checked here; all else, and every row that isn't fine, goes to zod.
 */
import type { z } from "zod";
import { checked } from "./lineMismatch.ts";
import { numberCheck } from "./numberCheck.ts";
import type { ReadRow, RowSchema } from "./row.ts";
import type { ChangedColumns } from "./sharedParts.ts";

interface Key {
  readonly name: string;
  readonly takesNull: boolean;
  readonly takesAnyText: boolean;
  /** Null where it takes none. */
  readonly isNumber: ((value: unknown) => boolean) | null;
  /** Of a list of numbers. */
  readonly isElement: ((value: unknown) => boolean) | null;
  readonly takesTexts: boolean;
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

export class CaseReader {
  readonly #schema: RowSchema;
  readonly #keys: ReadonlyMap<string, Key>;
  #current: ReadRow | null = null;
  /** The keys of the line before, in its order; null for those that the schema doesn't know. */
  #order: { readonly name: string; readonly key: Key | null }[] = [];
  /** Its values, in that order. */
  #given: unknown[] = [];
  #changed: string[] | null = null;

  constructor(schema: RowSchema) {
    this.#schema = schema;
    this.#keys = new Map(
      Object.entries(schema.shape).map(([name, key]) => [name, keyOf(name, key as z.ZodType)]),
    );
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
    this.#changed = [];
    if (this.#current === null || !this.#update(this.#current, value)) {
      this.#order = [];
      this.#changed = null;
      this.#current = checked(this.#schema, value);
    }
    return this.#current;
  }

  /** What the last row has other than the one before. */
  get changed(): ChangedColumns {
    return this.#changed;
  }

  /**
   * Turns the case before into this one; false where a value isn't fine. Equal values stay the very ones of the case
   * before: machine, system and model repeat through a run, and 100,000 copies of them would take most of the memory.
   */
  #update(before: ReadRow, value: object): boolean {
    const given = value as Record<string, unknown>;
    const row: Record<string, unknown> = before;
    let at = 0;
    // Lines of a run have the same keys in the same order: looking each up by name takes three times as long.
    for (const name in given) {
      const known = this.#order[at];
      if (known?.name !== name) return this.#reorder(row, given);
      const cell = given[name];
      if (cell !== this.#given[at]) {
        this.#given[at] = cell;
        this.#changed?.push(name);
        if (known.key !== null && !take(known.key, cell, row)) return false;
      }
      at += 1;
    }
    return at === this.#order.length || this.#reorder(row, given);
  }

  #reorder(row: Record<string, unknown>, given: Record<string, unknown>): boolean {
    this.#order = Object.keys(given).map((name) => ({ name, key: this.#keys.get(name) ?? null }));
    this.#given = Object.values(given);
    this.#changed = null;
    for (const key of this.#keys.values()) if (!take(key, given[key.name], row)) return false;
    return true;
  }
}

/** False where the value isn't fine. */
function take(key: Key, cell: unknown, row: Record<string, unknown>): boolean {
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
