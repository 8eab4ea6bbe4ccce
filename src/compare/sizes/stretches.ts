/** Sizes from small to large, cut where the fastest machine, the certainty or the only holder changes. */
import type { FamilyName } from "../../predict/families/families.ts";
import type { Work } from "../../predict/families/predictedMachine.ts";
import { fastestOf, isSame, type Fastest } from "./fastest.ts";
import type { Runners } from "./runners.ts";

export interface Stretch extends Fastest {
  /** Bytes of weights. */
  readonly from: number;
  readonly to: number;
}

export interface SizeRange {
  readonly from: number;
  readonly to: number;
}

/** Sizes that are tried, by their ratio; between two that differ the change is looked for. */
const step = 1.15;
/** A change is known to this ratio. */
const finest = 1.01;

export interface Row {
  readonly family: FamilyName;
  readonly contextTokens: number;
  readonly work: Work;
}

export function stretchesOf(runners: Runners, { from, to }: SizeRange, row: Row): Stretch[] {
  const { family, contextTokens, work } = row;
  const tried = (size: number): Tried => ({
    size,
    fastest: fastestOf(runners.runsAt({ family, weightsBytes: size, contextTokens }, work)),
  });
  const steps = Math.ceil(Math.log(to / from) / Math.log(step));
  const all = Array.from({ length: steps + 1 }, (_, i) =>
    tried(from * (to / from) ** (i / steps)),
  );
  const changes = all.slice(1).flatMap((next, i) => changesBetween(all[i] ?? next, next, tried));
  const [first] = all;
  if (first === undefined) return [];
  const starts = [{ size: from, fastest: first.fastest }, ...changes];
  return starts.map(({ size, fastest }, i) => ({
    ...fastest,
    from: size,
    to: starts[i + 1]?.size ?? to,
  }));
}

interface Tried {
  readonly size: number;
  readonly fastest: Fastest;
}

/** Each with what holds from there on. */
function changesBetween(low: Tried, high: Tried, tried: (size: number) => Tried): Tried[] {
  if (isSame(low.fastest, high.fastest)) return [];
  const middle = Math.sqrt(low.size * high.size);
  if (high.size / low.size < finest) return [{ size: middle, fastest: high.fastest }];
  const between = tried(middle);
  return [...changesBetween(low, between, tried), ...changesBetween(between, high, tried)];
}
