/** The size at which one machine overtakes another, as far as measured sizes bracket it. */
import { getOrMake } from "../base/getOrMake.ts";
import { groupBy } from "../base/groupBy.ts";
import { machineOn, type Comparison, type Pair } from "./comparison.ts";
import type { SideName } from "./judge/decision.ts";
import { jointWinners } from "./judge/together.ts";
import { isBySpeed, winnerOf } from "./judge/verdict.ts";
import { processorsOf } from "./processors.ts";
import { isGeneration } from "./workloads.ts";

/** A size that one machine surely wins. */
export interface SizeWon {
  /** Weights and KV cache. */
  readonly bytes: number;
  /** Label of the machine. */
  readonly winner: string;
  readonly pair: Pair;
}

export interface Crossover {
  /** The largest size below the turn, and the smallest above it. */
  readonly low: SizeWon;
  readonly high: SizeWon;
  /** Why the winner of the small sizes loses: by speed; for want of memory; or though it holds the model on its GPU. */
  readonly cause: "speed" | "memory" | "not_memory";
}

/** The first turn found between the baseline and any other, in the order of the machines. */
export function crossoverOf(comparison: Comparison): Crossover | null {
  const turns = [...crossoversOf(comparison).values()];
  return turns.find((turn) => turn !== null) ?? null;
}

const known = new WeakMap<Comparison, Map<string, Crossover | null>>();

/** The turn between the baseline and each other machine, by its label; asked for by the words and by the data. */
export function crossoversOf(comparison: Comparison): ReadonlyMap<string, Crossover | null> {
  return getOrMake(known, comparison, () => {
    const { pairs, options } = comparison;
    const groups = groupBy(pairs, ({ other }) => other.machine.label);
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
  const sizes = sizesWon(pairs.filter(isGeneration), practical);
  const [smallest] = sizes.toSorted((a, b) => a.bytes - b.bytes);
  if (smallest === undefined) return null;
  const below = sizes.filter(({ winner }) => winner === smallest.winner);
  const above = sizes.filter(({ winner }) => winner !== smallest.winner);
  const low = below.reduce((a, b) => (b.bytes > a.bytes ? b : a), smallest);
  const high = above.reduce<SizeWon | null>(
    (a, b) => (a === null || b.bytes < a.bytes ? b : a),
    null,
  );
  if (high === null || low.bytes >= high.bytes) return null;
  return { low, high, cause: causeOf(low, high) };
}

/** Wins by speed are those that the sentence about speeds tells, under the same correction. */
function sizesWon(pairs: readonly Pair[], practical: number): SizeWon[] {
  const bySpeed = pairs.filter((pair) => isBySpeed(pair));
  const winners = jointWinners(
    bySpeed.map(({ verdict }) => verdict),
    practical,
  );
  return [
    ...bySpeed.flatMap((pair, i) => sizeWon(pair, winners[i] ?? null)),
    ...pairs
      .filter((pair) => !isBySpeed(pair))
      .flatMap((pair) => sizeWon(pair, winnerOf(pair.verdict))),
  ];
}

function sizeWon(pair: Pair, side: SideName | null): SizeWon[] {
  const { bytes } = pair;
  const machine = machineOn(pair, side);
  return bytes === null || machine === null ? [] : [{ bytes, winner: machine.label, pair }];
}

function causeOf(low: SizeWon, { pair }: SizeWon): Crossover["cause"] {
  if (isBySpeed(pair)) return "speed";
  const loser = pair.baseline.machine.label === low.winner ? pair.baseline : pair.other;
  return processorsOf(loser.record) === "gpu" ? "not_memory" : "memory";
}
