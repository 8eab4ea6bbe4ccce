/** Which case of one machine stands against which of another: same model, quantization and workload. */
import { groupBy } from "../base/groupBy.ts";
import { metrics } from "../bench/metrics.ts";
import { isMeasured, type CaseRecord } from "../bench/record.ts";
import { testName } from "../bench/workload.ts";
import { sameShapeAs } from "./modelNames.ts";
import { processorsRank } from "./processors.ts";
import { metricOf, type KnownCase } from "./workloads.ts";

export interface Alignment {
  readonly matched: readonly (readonly [baseline: KnownCase, other: KnownCase])[];
  /** Cases of models, quantizations or workloads that the other machine's file hasn't. */
  readonly onlyBaseline: readonly KnownCase[];
  readonly onlyOther: readonly KnownCase[];
}

type Groups = ReadonlyMap<string, readonly KnownCase[]>;

const keyOf = (id: string, { model, workload }: KnownCase) =>
  `${id}\n${model.quantization ?? ""}\n${testName(workload)}`;

export function indexCases(cases: readonly KnownCase[]): Groups {
  return groupBy(cases, (record) => keyOf(record.model.id, record));
}

/** A model that the other side lacks is matched with one of the same shape that the baseline lacks. */
export function align(baseline: Groups, other: Groups): Alignment {
  const matched: (readonly [KnownCase, KnownCase])[] = [];
  const onlyBaseline: KnownCase[] = [];
  const used = new Set<string>();
  for (const [key, cases] of baseline) {
    const counterpart = other.has(key) ? key : sameShapeKey(cases, baseline, other, used);
    const others = counterpart === null ? undefined : other.get(counterpart);
    if (counterpart === null || others === undefined) {
      for (const record of cases) onlyBaseline.push(record);
      continue;
    }
    used.add(counterpart);
    matched.push(mostAlike(cases, others));
  }
  const onlyOther = [...other].flatMap(([key, cases]) => (used.has(key) ? [] : cases));
  return { matched, onlyBaseline, onlyOther };
}

function sameShapeKey(
  [record]: readonly KnownCase[],
  baseline: Groups,
  other: Groups,
  used: ReadonlySet<string>,
): string | null {
  if (record === undefined) return null;
  const keys = sameShapeAs(record.model.id).map((id) => keyOf(id, record));
  return keys.find((key) => other.has(key) && !baseline.has(key) && !used.has(key)) ?? null;
}

/** Strictest first: all that a user sets; then what changes the meaning; then anything. */
const likenesses: readonly ((record: CaseRecord) => string)[] = [
  ({ engine, settings: { typeK, typeV, flashAttn, nBatch, nUbatch } }) =>
    [typeK, typeV, engine.name, flashAttn, nBatch, nUbatch].join("\n"),
  ({ engine, settings: { typeK, typeV } }) => [typeK, typeV, engine.name].join("\n"),
  () => "",
];

/**
 * Of several cases a side: the two most alike of which both were measured, each the best of its kind
 * (on the GPU before the CPU, then the best by its metric).
 */
export function mostAlike(
  cases: readonly KnownCase[],
  others: readonly KnownCase[],
): readonly [KnownCase, KnownCase] {
  if (cases.length === 1 && others.length === 1) return [bestOf(cases), bestOf(others)];
  for (const likeness of likenesses) {
    const mine = bestBy(cases, likeness);
    const theirs = bestBy(others, likeness);
    const common = [...mine].flatMap(([kind, record]): [KnownCase, KnownCase][] => {
      const other = theirs.get(kind);
      return other && isMeasured(record) && isMeasured(other) ? [[record, other]] : [];
    });
    const [first, ...rest] = common;
    if (first)
      return rest.reduce((chosen, pair) => (isBetter(pair[0], chosen[0]) ? pair : chosen), first);
  }
  return [bestOf(cases), bestOf(others)];
}

function bestBy(cases: readonly KnownCase[], likeness: (record: CaseRecord) => string) {
  return new Map([...groupBy(cases, likeness)].map(([kind, group]) => [kind, bestOf(group)]));
}

function bestOf(cases: readonly KnownCase[]): KnownCase {
  return cases.reduce((first, record) => (isBetter(record, first) ? record : first));
}

/** Of two cases of one workload. */
function isBetter(a: KnownCase, b: KnownCase): boolean {
  const rank = processorsRank(a) - processorsRank(b);
  if (rank !== 0) return rank > 0;
  if (!isMeasured(a) || !isMeasured(b)) return false;
  const { better } = metrics[metricOf(a.workload.kind)];
  const [valueA, valueB] = [a.summary.mean, b.summary.mean];
  return better === "higher" ? valueA > valueB : valueA < valueB;
}
