/**
 * Parts of a record that many rows of a file share: machine, engine and model repeat through 100,000 rows, which then are
 * one object each.
 */
import type { CaseFacts } from "../bench/record.ts";
import { flagOf, warningOf } from "./codes.ts";
import type { ReadColumnName } from "./columns/columns.ts";
import { columnsOf, partOf } from "./partOf.ts";
import type { ReadRow } from "./row.ts";
import { workloadOfRow } from "./workloadOfRow.ts";

/** Each with the columns that it is made of. */
const shared = {
  machine: { columns: columnsOf("machine"), of: (row) => partOf("machine", row) },
  engine: { columns: columnsOf("engine"), of: (row) => partOf("engine", row) },
  model: { columns: columnsOf("model"), of: (row) => partOf("model", row) },
  settings: {
    columns: [...columnsOf("settings"), "no_kv_offload", "flash_attn"],
    of: (row) => ({
      ...partOf("settings", row),
      noKvOffload: flagOf(row.no_kv_offload),
      flashAttn: flagOf(row.flash_attn),
    }),
  },
  workload: { columns: ["test", "n_prompt", "n_gen", "n_depth", "n_parallel"], of: workloadOfRow },
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

/** Rows of a sweep take turns: a model and a workload come back after a few others. */
const mostVariants = 8;

interface Variant {
  /** Of the columns, in their order. */
  readonly values: readonly unknown[];
  readonly part: unknown;
}

/** The parts of one kind that rows had last. */
class Variants {
  readonly #columns: readonly ReadColumnName[];
  readonly #make: (row: ReadRow) => unknown;
  readonly #known: Variant[] = [];
  #next = 0;

  constructor(columns: readonly ReadColumnName[], make: (row: ReadRow) => unknown) {
    this.#columns = columns;
    this.#make = make;
  }

  of(row: ReadRow): unknown {
    for (const { values, part } of this.#known) if (this.#isOf(values, row)) return part;
    const part = this.#make(row);
    this.#known[this.#next] = { values: this.#columns.map((column) => row[column]), part };
    this.#next = (this.#next + 1) % mostVariants;
    return part;
  }

  #isOf(values: readonly unknown[], row: ReadRow): boolean {
    let at = 0;
    for (const column of this.#columns) {
      if (!isSame(row[column], values[at])) return false;
      at += 1;
    }
    return true;
  }
}

/** Lists are of texts. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((text, at) => text === b[at]);
}

export class SharedParts {
  readonly #kinds = Object.entries(shared).map(
    ([name, { columns, of }]) => [name as keyof Shared, new Variants(columns, of)] as const,
  );
  readonly #parts: Partial<Record<keyof Shared, unknown>> = {};

  /** Valid until the next row's. */
  of(row: ReadRow): Shared {
    for (const [name, variants] of this.#kinds) this.#parts[name] = variants.of(row);
    return this.#parts as Shared;
  }
}
