/**
 * Ranges that are read off rows which nothing of the prediction had seen, and judged on other rows than those: of each
 * class of predictions the quantiles of measured ÷ predicted, every machine counted the same.
 */
import { sum } from "simple-statistics";
import { groupBy } from "../base/groupBy.ts";
import type { LeftOut } from "./leftOut.ts";
import {
  shippedRanges,
  typicalError,
  type RangeError,
  type RangeQuestion,
  type Ranges,
  type Widening,
} from "./predictionError.ts";
import type { Sample } from "./publishedSamples.ts";

/**
 * Of what was left out a range holds so many, as many above it as below: boxes that nobody has published are further off
 * than those that somebody has, and four of five of them are to lie inside.
 */
const held = 0.92;

/** Below so many machines a class is left as it was assumed: their quantiles say nothing. */
const fewestMachines = 5;

/** What changed since a row was measured: rows of the same build say nothing of it. */
const since: ReadonlySet<string> = new Set<Widening>([
  "oldBuilds",
  "oldMacBuilds",
  "oldPrompts",
  "spoiled",
]);

/** Classes of one reason to widen, or of none; what few machines tell of stays as `assumed` has it. */
export function fitRanges(left: readonly LeftOut[], assumed: Ranges = shippedRanges): Ranges {
  const told = new Map<string, RangeError>();
  for (const [name, own] of groupBy(left, ({ range }) => classOf(range))) {
    const machines = new Set(own.map(({ sample }) => sample.machine));
    if (machines.size < fewestMachines || since.has(name)) continue;
    told.set(name, quantiles(own));
  }
  return {
    errors: mapped(assumed.errors, (kind, byBasis) =>
      mapped(byBasis, (basis, old) => told.get(`${kind} ${basis}`) ?? old),
    ),
    widened: mapped(assumed.widened, (reason, old) => told.get(reason) ?? old),
  };
}

function mapped<Name extends string, Value>(
  of: Readonly<Record<Name, Value>>,
  value: (name: Name, old: Value) => Value,
): Record<Name, Value> {
  const names = Object.keys(of) as Name[];
  return Object.fromEntries(names.map((name) => [name, value(name, of[name])])) as Record<
    Name,
    Value
  >;
}

/** Where there is a reason to widen it decides, whatever it widens; several have no class of their own. */
function classOf({ kind, basis, wider }: RangeQuestion): string {
  const [reason, ...more] = wider;
  if (reason === undefined) return `${kind} ${basis}`;
  return more.length === 0 ? reason : "several reasons";
}

function quantiles(rows: readonly LeftOut[]): RangeError {
  const machines = groupBy(rows, ({ sample }) => sample.machine);
  const weighed = [...machines.values()].flatMap((own) =>
    own.map(({ error }) => ({ ratio: 1 / (1 + error), weight: 1 / own.length })),
  );
  const beside = (1 - held) / 2;
  return {
    below: Math.max(0, 1 / quantile(weighed, beside) - 1),
    above: Math.max(0, quantile(weighed, 1 - beside) - 1),
  };
}

interface Weighed {
  readonly ratio: number;
  readonly weight: number;
}

/** The smallest that has at least this share of all weight at or below it. */
function quantile(weighed: readonly Weighed[], share: number): number {
  const sorted = weighed.toSorted((a, b) => a.ratio - b.ratio);
  const all = sum(sorted.map(({ weight }) => weight));
  let reached = 0;
  for (const { ratio, weight } of sorted) {
    reached += weight;
    if (reached >= share * all - tiny) return ratio;
  }
  return sorted.at(-1)?.ratio ?? 1;
}

const tiny = 1e-9;

/** The same rows, judged by ranges that were read off `evidence` without the rows of each one's group. */
export function crossJudged(
  rows: readonly LeftOut[],
  evidence: readonly LeftOut[],
  groupOf: (sample: Sample) => string | null,
): LeftOut[] {
  return [...groupBy(rows, ({ group }) => group)].flatMap(([group, own]) => {
    const ranges = fitRanges(evidence.filter(({ sample }) => groupOf(sample) !== group));
    return own.map((one) => judgedBy(ranges, one));
  });
}

function judgedBy(ranges: Ranges, one: LeftOut): LeftOut {
  const { below, above } = typicalError(one.range, ranges);
  const [low, high] = [1 / (1 + below), Math.min(1 + above, one.most)];
  const ratio = 1 / (1 + one.error);
  return { ...one, inside: low <= ratio && ratio <= high, width: high / low };
}
