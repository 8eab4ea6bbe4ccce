/** Who is predicted to be fastest at a size, how sure that is, and who alone holds it. */
import { chanceOfLeast } from "./chance.ts";
import type { TimedRun } from "./runners.ts";

export interface Fastest {
  /** A machine's label; null where none of them runs it. */
  readonly winner: string | null;
  /** Whether it is the fastest with a chance of `sureEnough` at least. */
  readonly sure: boolean;
  /** The one machine that holds it wholly on its GPU; null where several do, or none. */
  readonly onlyHolder: string | null;
}

export const sureEnough = 0.9;

/** @param runs of the machines that run it; of machines of whom nothing is known, nothing is said. */
export function fastestOf(runs: readonly TimedRun[]): Fastest {
  const [first, ...others] = runs.toSorted((a, b) => a.seconds.centre - b.seconds.centre);
  if (first === undefined) return { winner: null, sure: true, onlyHolder: null };
  const holders = runs.filter(({ held }) => held);
  const chance = chanceOfLeast(
    first.seconds,
    others.map(({ seconds }) => seconds),
  );
  return {
    winner: first.label,
    sure: chance >= sureEnough,
    onlyHolder: holders.length === 1 ? (holders[0]?.label ?? null) : null,
  };
}

export function isSame(a: Fastest, b: Fastest): boolean {
  return a.winner === b.winner && a.sure === b.sure && a.onlyHolder === b.onlyHolder;
}
