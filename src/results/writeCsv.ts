/** Writes results.csv: one row a case. */
import { LastFew } from "../base/lastFew.ts";
import { neighbours } from "../base/neighbours.ts";
import type { CaseRecord } from "../bench/record.ts";
import { parts, type PartName } from "./columns/column.ts";
import { columnNames, columns, isReserved, type ColumnName } from "./columns/columns.ts";
import type { CellValue } from "./csvCell.ts";
import { cellText, csvPieces } from "./csvText.ts";

/** What of a record a cell is made of, where that is one object for many cases in a row; null of what each case has anew. */
type Source = ((record: CaseRecord) => unknown) | null;

const sourceOfPart = {
  ...parts,
  case: null,
  summary: null,
  readings: null,
} as const satisfies Record<PartName, Source>;

const workload: Source = (record) => record.workload;
const nothing: Source = () => null;

/** Of columns that are no field. */
const sourceOfMade: { readonly [Name in ColumnName]?: Source } = {
  model: parts.model,
  test: workload,
  n_prompt: workload,
  n_gen: workload,
  n_depth: workload,
  n_parallel: workload,
  train_batch: workload,
  metric: workload,
  unit: workload,
  precision: workload,
  no_kv_offload: parts.settings,
  flash_attn: parts.settings,
  other_settings: parts.settings,
  warnings: (record) => record.warnings,
};

function sourceOf(name: ColumnName): Source {
  if (isReserved(name)) return nothing;
  const { place } = columns[name];
  return place === null ? (sourceOfMade[name] ?? null) : sourceOfPart[place.part];
}

/** Neighbouring columns of one source. */
class Stretch {
  readonly #source: Source;
  readonly #makers: readonly ((record: CaseRecord) => CellValue)[];
  readonly #made = new LastFew<{ readonly source: unknown; readonly text: string }>();

  constructor(source: Source, names: readonly ColumnName[]) {
    this.#source = source;
    this.#makers = names.map((name) => columns[name].of);
  }

  /** Adds the cells, where the source came before in one piece. */
  addTo(texts: string[], record: CaseRecord): void {
    if (this.#source === null) for (const of of this.#makers) texts.push(cellText(of(record)));
    else texts.push(this.#sharedText(this.#source(record), record));
  }

  #sharedText(source: unknown, record: CaseRecord): string {
    for (const made of this.#made.items) if (made.source === source) return made.text;
    const text = this.#makers.map((of) => cellText(of(record))).join(",");
    return this.#made.keep({ source, text }).text;
  }
}

function stretchesOf(names: readonly ColumnName[]): Stretch[] {
  return neighbours(names, sourceOf).map(([source, of]) => new Stretch(source, of));
}

/**
 * The bytes of results.csv, in pieces.
 * @param names the columns: those of an earlier edition make a file as it was made then.
 */
export function resultPieces(
  cases: readonly CaseRecord[],
  names: readonly ColumnName[] = columnNames,
): Generator<string> {
  const stretches = stretchesOf(names);
  return csvPieces(names, cases, (record) => {
    const texts: string[] = [];
    for (const stretch of stretches) stretch.addTo(texts, record);
    return texts;
  });
}

/** The bytes of results.csv. */
export function toCsv(cases: readonly CaseRecord[]): string {
  return [...resultPieces(cases)].join("");
}
