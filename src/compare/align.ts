/** Which row of one machine stands against which of another: same model, quantization and test. */
import { groupBy } from "../base/groupBy.ts";
import type { CaseRow } from "../results/caseResult.ts";
import { placementRank } from "./placement.ts";
import { twinsOf } from "./twins.ts";

export interface Alignment {
  readonly matched: readonly (readonly [baseline: CaseRow, other: CaseRow])[];
  /** Rows of models, quantizations or tests that the other machine's file hasn't. */
  readonly onlyBaseline: readonly CaseRow[];
  readonly onlyOther: readonly CaseRow[];
}

type Groups = ReadonlyMap<string, readonly CaseRow[]>;

const keyOf = (model: string, { quantization, test }: CaseRow) =>
  `${model}\n${quantization ?? ""}\n${test}`;

export function indexRows(rows: readonly CaseRow[]): Groups {
  return groupBy(rows, (row) => keyOf(row.model, row));
}

/** A model that the other side lacks is matched with one of the same shape that the baseline lacks. */
export function align(baseline: Groups, other: Groups): Alignment {
  const matched: [CaseRow, CaseRow][] = [];
  const onlyBaseline: CaseRow[] = [];
  const used = new Set<string>();
  for (const [key, rows] of baseline) {
    const counterpart = other.has(key) ? key : twinKey(rows, baseline, other, used);
    const others = counterpart === null ? undefined : other.get(counterpart);
    if (counterpart === null || others === undefined) {
      for (const row of rows) onlyBaseline.push(row);
      continue;
    }
    used.add(counterpart);
    matched.push(mostAlike(rows, others));
  }
  const onlyOther = [...other].flatMap(([key, rows]) => (used.has(key) ? [] : rows));
  return { matched, onlyBaseline, onlyOther };
}

function twinKey(
  [row]: readonly CaseRow[],
  baseline: Groups,
  other: Groups,
  used: ReadonlySet<string>,
): string | null {
  if (row === undefined) return null;
  const keys = twinsOf(row.model).map((model) => keyOf(model, row));
  return keys.find((key) => other.has(key) && !baseline.has(key) && !used.has(key)) ?? null;
}

/** Strictest first: all that a user sets; then what changes the meaning; then anything. */
const likenesses: readonly ((row: CaseRow) => string)[] = [
  (row) =>
    [row.type_k, row.type_v, row.engine, row.flash_attn, row.n_batch, row.n_ubatch].join("\n"),
  (row) => [row.type_k, row.type_v, row.engine].join("\n"),
  () => "",
];

/**
 * Of several rows a side: the two most alike of which both were measured, each the best of its kind
 * (on the GPU before the CPU, then the fastest).
 */
export function mostAlike(
  rows: readonly CaseRow[],
  others: readonly CaseRow[],
): [CaseRow, CaseRow] {
  if (rows.length === 1 && others.length === 1) return [best(rows), best(others)];
  for (const likeness of likenesses) {
    const mine = bestBy(rows, likeness);
    const theirs = bestBy(others, likeness);
    const common = [...mine].flatMap(([kind, row]): [CaseRow, CaseRow][] => {
      const other = theirs.get(kind);
      return other && placementRank(row) > 0 && placementRank(other) > 0 ? [[row, other]] : [];
    });
    const [first, ...rest] = common;
    if (first)
      return rest.reduce((chosen, pair) => (better(pair[0], chosen[0]) ? pair : chosen), first);
  }
  return [best(rows), best(others)];
}

function bestBy(rows: readonly CaseRow[], likeness: (row: CaseRow) => string) {
  return new Map([...groupBy(rows, likeness)].map(([kind, group]) => [kind, best(group)]));
}

function best(rows: readonly CaseRow[]): CaseRow {
  return rows.reduce((first, row) => (better(row, first) ? row : first));
}

function better(a: CaseRow, b: CaseRow): boolean {
  const rank = placementRank(a) - placementRank(b);
  return rank === 0 ? (a.avg_ts ?? 0) > (b.avg_ts ?? 0) : rank > 0;
}
