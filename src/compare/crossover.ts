/** The size at which one machine overtakes another, as far as measured sizes bracket it. */
import { getOrMake } from "../base/getOrMake.ts";
import { groupBy } from "../base/groupBy.ts";
import type { Comparison, Pair } from "./comparison.ts";
import { jointAnswers, type JointAnswer } from "./jointAnswers.ts";
import { gib, listed } from "./phrases.ts";
import { placementOf } from "./placement.ts";
import { isSpeedPair, machineOn, modelName, workOf } from "./work.ts";

export interface Crossover {
  /** The largest size (weights and KV cache) below the turn, and the smallest above it. */
  readonly low_bytes: number;
  readonly high_bytes: number;
  readonly text: string;
}

interface Point {
  readonly bytes: number;
  readonly winner: string;
  readonly pair: Pair;
}

/** The first turn found between the baseline and any other, in the order of the machines. */
export function crossoverOf(comparison: Comparison): Crossover | null {
  const turns = [...crossoversOf(comparison).values()];
  return turns.find((turn) => turn !== null) ?? null;
}

const told = new WeakMap<Comparison, Map<string, Crossover | null>>();

/** The turn between the baseline and each other machine, by its label; asked for by the words and by the data. */
export function crossoversOf(comparison: Comparison): ReadonlyMap<string, Crossover | null> {
  return getOrMake(told, comparison, () => {
    const { pairs, options } = comparison;
    const groups = groupBy(pairs, ({ machines: [, other] }) => other.label);
    return new Map(
      Array.from(groups, ([label, group]) => [label, between(group, options.practical)]),
    );
  });
}

/**
 * One turn only: every size that A wins lies below every size that B wins. Sizes that nobody wins don't bracket.
 * Token generation decides, since it is what a person waits for longest and what memory bandwidth limits.
 */
function between(pairs: readonly Pair[], practical: number): Crossover | null {
  const points = pointsOf(
    pairs.filter((pair) => workOf(pair) === "tg"),
    practical,
  );
  const [smallest] = points.toSorted((a, b) => a.bytes - b.bytes);
  if (smallest === undefined) return null;
  const below = points.filter(({ winner }) => winner === smallest.winner);
  const above = points.filter(({ winner }) => winner !== smallest.winner);
  const low = below.reduce((a, b) => (b.bytes > a.bytes ? b : a), smallest);
  const high = above.reduce<Point | null>(
    (a, b) => (a === null || b.bytes < a.bytes ? b : a),
    null,
  );
  if (high === null || low.bytes >= high.bytes) return null;
  return { low_bytes: low.bytes, high_bytes: high.bytes, text: textOf(low, high) };
}

/** Wins by speed are those that the sentence about speeds tells, under the same correction. */
function pointsOf(pairs: readonly Pair[], practical: number): Point[] {
  const bySpeed = pairs.filter(isSpeedPair);
  const answers = jointAnswers(bySpeed, practical);
  return [
    ...bySpeed.flatMap((pair, i) => pointOf(pair, answers[i] ?? null)),
    ...pairs.filter((pair) => !isSpeedPair(pair)).flatMap((pair) => pointOf(pair, pair.winner)),
  ];
}

function pointOf(pair: Pair, winner: JointAnswer): Point[] {
  const { bytes } = pair;
  const machine = machineOn(pair, winner);
  return bytes === null || machine === null ? [] : [{ bytes, winner: machine.label, pair }];
}

function textOf(low: Point, high: Point): string {
  const names = listed([nameOf(low), nameOf(high)]);
  return (
    `${high.winner} overtakes ${low.winner} in token generation somewhere between ${gib(low.bytes)} and ` +
    `${gib(high.bytes)} of weights and KV cache, ${whyTurned(low, high)}; nothing was measured in between (${names})`
  );
}

function whyTurned(low: Point, { pair }: Point): string {
  if (isSpeedPair(pair)) return "by speed, not by memory";
  const loser = pair.machines.findIndex(({ label }) => label === low.winner);
  const row = pair.sides[loser === 0 ? 0 : 1].row;
  return placementOf(row) === "gpu"
    ? `though ${low.winner} holds the model on its GPU`
    : `where ${low.winner} no longer holds the model on its GPU`;
}

function nameOf({ pair: { model, quantization, test } }: Point): string {
  return `${modelName(model, quantization)} ${test}`;
}
