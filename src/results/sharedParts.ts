/**
 * Parts of a record that many rows of a file share: machine, engine and model repeat through 100,000 rows, which then are
 * one object each.
 */
import { LastFew } from "../base/lastFew.ts";
import type { CaseFacts } from "../bench/record.ts";
import { flagOf, warningOf } from "./codes.ts";
import type { ReadColumnName } from "./columns/columns.ts";
import { otherSettingsOf } from "./otherSettings.ts";
import { columnsOf, partOf } from "./partOf.ts";
import type { ReadRow } from "./row.ts";
import { workloadColumns, workloadOfRow } from "./workloadOfRow.ts";

/** Each with the columns that it is made of. */
const shared = {
  machine: { columns: columnsOf("machine"), of: (row) => partOf("machine", row) },
  engine: { columns: columnsOf("engine"), of: (row) => partOf("engine", row) },
  model: {
    columns: [...columnsOf("model"), "model"],
    of: (row) => ({ ...partOf("model", row), id: row.model ?? "" }),
  },
  settings: {
    columns: [...columnsOf("settings"), "no_kv_offload", "flash_attn", "other_settings"],
    of: (row) => ({
      ...partOf("settings", row),
      noKvOffload: flagOf(row.no_kv_offload),
      flashAttn: flagOf(row.flash_attn),
      others: otherSettingsOf(row.other_settings),
    }),
  },
  workload: { columns: workloadColumns, of: workloadOfRow },
  fit: { columns: columnsOf("fit"), of: (row) => partOf("fit", row) },
  memory: { columns: columnsOf("memory"), of: (row) => partOf("memory", row) },
  warnings: { columns: ["warnings"], of: ({ warnings }) => warnings.map(warningOf) },
} as const satisfies {
  readonly [Part in keyof CaseFacts]?: {
    readonly columns: readonly ReadColumnName[];
    readonly of: (row: ReadRow) => CaseFacts[Part];
  };
};

export type Shared = Pick<CaseFacts, keyof typeof shared>;

const sharedColumns: ReadonlySet<string> = new Set(
  Object.values(shared).flatMap(({ columns }): readonly string[] => columns),
);

/** Whether rows of a file mostly share a column's value. */
export function isShared(column: string): boolean {
  return sharedColumns.has(column);
}

/** In smaller files, memory isn't worth the time of looking for what was there before. */
const manyRows = 1000;

interface Variant {
  /** Of the columns, in their order. */
  readonly values: readonly unknown[];
  readonly part: unknown;
}

/** The parts of one kind that rows had last. */
class Variants {
  readonly #columns: readonly ReadColumnName[];
  readonly #make: (row: ReadRow) => unknown;
  readonly #known = new LastFew<Variant>();
  #last: Variant | null = null;

  constructor(columns: readonly ReadColumnName[], make: (row: ReadRow) => unknown) {
    this.#columns = columns;
    this.#make = make;
  }

  of(row: ReadRow, isSearched: boolean): unknown {
    if (!isSearched) return this.#make(row);
    if (this.#last === null || !this.#isOf(this.#last, row))
      this.#last = this.#known.items.find((variant) => this.#isOf(variant, row)) ?? this.#made(row);
    return this.#last.part;
  }

  #made(row: ReadRow): Variant {
    const values = this.#columns.map((column) => row[column]);
    return this.#known.keep({ values, part: this.#make(row) });
  }

  #isOf({ values }: Variant, row: ReadRow): boolean {
    let at = 0;
    for (const column of this.#columns) {
      const value = row[column];
      if (value !== values[at] && !areSameTexts(value, values[at])) return false;
      at += 1;
    }
    return true;
  }
}

/** Of warnings. */
function areSameTexts(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((text, at) => text === b[at]);
}

/** Columns whose values are others than in the row before; null for all that there are. */
export type ChangedColumns = readonly string[] | null;

interface Kind {
  readonly name: keyof Shared;
  readonly variants: Variants;
  /** Whether the row may have another part than the one before. */
  due: boolean;
}

export class SharedParts {
  readonly #kinds: readonly Kind[] = Object.entries(shared).map(([name, { columns, of }]) => ({
    name: name as keyof Shared,
    variants: new Variants(columns, of),
    due: true,
  }));
  readonly #kindOf: ReadonlyMap<string, Kind> = new Map(
    this.#kinds.flatMap((kind) => shared[kind.name].columns.map((column) => [column, kind])),
  );
  readonly #parts: Partial<Record<keyof Shared, unknown>> = {};
  #rows = 0;

  /** Valid until the next row's. */
  of(row: ReadRow, changed: ChangedColumns): Shared {
    if (changed === null) for (const kind of this.#kinds) kind.due = true;
    else for (const column of changed) this.#setDue(column);
    this.#rows += 1;
    for (const kind of this.#kinds) {
      if (kind.due) this.#parts[kind.name] = kind.variants.of(row, this.#rows > manyRows);
      kind.due = false;
    }
    return this.#parts as Shared;
  }

  #setDue(column: string): void {
    const kind = this.#kindOf.get(column);
    if (kind !== undefined) kind.due = true;
  }
}
