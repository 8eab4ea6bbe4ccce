/** The test of each kind of work that says most: the one that most pairs ran. */
import { groupBy } from "../base/groupBy.ts";
import type { Pair } from "./comparison.ts";
import { workOf, works } from "./work.ts";
import type { Work } from "./work.ts";

export interface TypicalTest {
  readonly work: Work;
  readonly test: string;
  readonly pairs: readonly Pair[];
}

/** pp and tg first where several were run; the shorter test where as many ran both. */
export function typicalTests(pairs: readonly Pair[]): TypicalTest[] {
  return works.flatMap((work) => {
    const own = pairs.filter((pair) => workOf(pair) === work);
    const [first, ...rest] = [...groupBy(own, ({ test }) => test)];
    if (first === undefined) return [];
    const [test, chosen] = rest.reduce(
      (best, next) => (ran(next[1]) > ran(best[1]) ? next : best),
      first,
    );
    return [{ work, test, pairs: chosen }];
  });
}

function ran(pairs: readonly Pair[]): number {
  return pairs.filter(({ ratio }) => ratio !== null).length;
}
