/** Which case of one machine stands against which of another: same model, quantization and workload. */
import { groupBy } from "../base/groupBy.ts";
import { metrics } from "../bench/metrics.ts";
import { getOrMake } from "../base/getOrMake.ts";
import { isMeasured, type CaseRecord, type SettingFacts } from "../bench/record.ts";
import { testName } from "../bench/workload.ts";
import { otherSettingTexts } from "../results/otherSettings.ts";
import { areDescribedAlike, architectureOf } from "./describedModel.ts";
import { sameShapeAs } from "./modelNames.ts";
import { processorsRank } from "./processors.ts";
import { metricOf, type KnownCase } from "./workloads.ts";

/** One case of each side, and those of the same model, quantization and workload that they were taken before. */
export interface Match {
  readonly baseline: KnownCase;
  readonly other: KnownCase;
  readonly besides: {
    readonly baseline: readonly KnownCase[];
    readonly other: readonly KnownCase[];
  };
}

export interface Alignment {
  readonly matched: readonly Match[];
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

/**
 * A model that the other side lacks is matched with one that the baseline lacks: one that is known to be of the same shape,
 * or that llama.cpp describes alike, as it does the same file under another name.
 */
export function align(baseline: Groups, other: Groups): Alignment {
  const matched: Match[] = [];
  const twins = new Twins(baseline, other);
  const onlyBaseline: KnownCase[] = [];
  const used = new Set<string>();
  for (const [key, cases] of baseline) {
    const counterpart = other.has(key)
      ? key
      : (sameShapeKey(cases, baseline, other, used) ?? twins.keyFor(cases, used));
    const others = counterpart === null ? undefined : other.get(counterpart);
    if (counterpart === null || others === undefined) {
      for (const record of cases) onlyBaseline.push(record);
      continue;
    }
    used.add(counterpart);
    matched.push(matchOf(cases, others));
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

/** Keys of the other side that the baseline lacks, by what its cases are described by. */
class Twins {
  readonly #baseline: Groups;
  readonly #other: Groups;
  #byDescription: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(baseline: Groups, other: Groups) {
    this.#baseline = baseline;
    this.#other = other;
  }

  keyFor([record]: readonly KnownCase[], used: ReadonlySet<string>): string | null {
    if (record === undefined) return null;
    // Most comparisons never ask.
    this.#byDescription ??= this.#index();
    const keys = this.#byDescription.get(describedKey(record)) ?? [];
    const isTwin = (key: string) => {
      const [twin] = this.#other.get(key) ?? [];
      return twin !== undefined && !used.has(key) && areDescribedAlike(record.model, twin.model);
    };
    return keys.find(isTwin) ?? null;
  }

  #index(): ReadonlyMap<string, readonly string[]> {
    const keys = [...this.#other.keys()].filter((key) => !this.#baseline.has(key));
    return groupBy(keys, (key) => {
      const [record] = this.#other.get(key) ?? [];
      return record === undefined ? "" : describedKey(record);
    });
  }
}

/** A case's key with llama.cpp's word for the architecture in the model's place. */
function describedKey(record: KnownCase): string {
  return keyOf(architectureOf(record.model) ?? "", record);
}

/** All that a user sets for the machine to be driven well. */
const tuning = ({ settings: { flashAttn, nBatch, nUbatch } }: CaseRecord) =>
  [flashAttn, nBatch, nUbatch].join("\n");

/** What is a precision, or another program. */
const precision = ({ engine, settings: { typeK, typeV } }: CaseRecord) =>
  [typeK, typeV, engine.name].join("\n");

/** Strictest first: all that a user sets; then what places the model; then what changes the meaning; then anything. */
const likenesses: readonly ((record: CaseRecord) => string)[] = [
  (record) => [precision(record), tuning(record), variantOf(record).named].join("\n"),
  (record) => [precision(record), tuning(record), variantOf(record).counted].join("\n"),
  (record) => [precision(record), variantOf(record).counted].join("\n"),
  (record) => [precision(record), tuning(record)].join("\n"),
  precision,
  () => "",
];

interface Variant {
  readonly named: string;
  /** The same text with the number of devices in place of their names, which each machine has its own. */
  readonly counted: string;
}

const variants = new WeakMap<SettingFacts, Variant>();

/** Where a user puts a model, and what else llama.cpp was told. */
function variantOf({ settings }: CaseRecord): Variant {
  return getOrMake(variants, settings, () => {
    const { devices, tensorOverrides, others, splitMode, nCpuMoe, noKvOffload } = settings;
    const rest = JSON.stringify([
      tensorOverrides,
      otherSettingTexts(others).toSorted((a, b) => (a < b ? -1 : 1)),
      splitMode ?? "layer",
      nCpuMoe ?? 0,
      noKvOffload ?? false,
    ]);
    return {
      named: `${devices ?? ""}\n${rest}`,
      counted: `${devices?.split("/").length ?? ""}\n${rest}`,
    };
  });
}

const nothingBesides: Match["besides"] = { baseline: [], other: [] };

function matchOf(cases: readonly KnownCase[], others: readonly KnownCase[]): Match {
  const [baseline, other] = mostAlike(cases, others);
  const isSingle = cases.length === 1 && others.length === 1;
  const besides = isSingle
    ? nothingBesides
    : {
        baseline: cases.filter((record) => record !== baseline),
        other: others.filter((record) => record !== other),
      };
  return { baseline, other, besides };
}

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

/** Whether the first of two cases of one workload is the better one: on the GPU before the CPU, then by its metric. */
function isBetter(a: KnownCase, b: KnownCase): boolean {
  const rank = processorsRank(a) - processorsRank(b);
  if (rank !== 0) return rank > 0;
  if (!isMeasured(a) || !isMeasured(b)) return false;
  const { better } = metrics[metricOf(a.workload.kind)];
  const [valueA, valueB] = [a.summary.mean, b.summary.mean];
  return better === "higher" ? valueA > valueB : valueA < valueB;
}
