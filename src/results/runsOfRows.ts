/** Which run of the program printed each row of a file. */
import type { CaseRecord } from "../bench/record.ts";

export interface ToldCase {
  readonly record: CaseRecord;
  /** Number of the run within the file; null where the text doesn't tell where one ends. */
  readonly invocation: number | null;
}

/**
 * As the text tells it. Where it doesn't, llama-bench's own order does: a run goes through its settings once and prints what
 * was asked for twice in a row (`-p 512,512`), its rows begin one after the other, and all come from one build on one
 * machine. Rows without a sign of a new run count as one run's.
 * @returns of each row a number that its run's rows share.
 */
export function runsOf(told: readonly ToldCase[]): number[] {
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };
  let guessed = 0;
  let current = new Current();
  return told.map(({ record, invocation }) => {
    if (invocation !== null) return numberOf(`told ${invocation}`);
    if (!current.takes(record)) {
      guessed += 1;
      current = new Current();
    }
    current.add(record);
    return numberOf(`guessed ${guessed}`);
  });
}

/** The run that rows are taken for. */
class Current {
  readonly #cases = new Set<string>();
  #program: string | null = null;
  #last: string | null = null;
  #time: string | null = null;

  takes(record: CaseRecord): boolean {
    if (this.#program !== null && programOf(record) !== this.#program) return false;
    const { testTime } = record;
    // ISO 8601 in UTC throughout: texts are in order where times are.
    if (testTime !== null && this.#time !== null && testTime < this.#time) return false;
    const own = workOf(record);
    return own === this.#last || !this.#cases.has(own);
  }

  add(record: CaseRecord): void {
    this.#program = programOf(record);
    this.#time = record.testTime ?? this.#time;
    this.#last = workOf(record);
    this.#cases.add(this.#last);
  }
}

function programOf({ machine, engine }: CaseRecord): string {
  return JSON.stringify([machine, engine]);
}

function workOf({ model, settings, workload }: CaseRecord): string {
  return JSON.stringify([model, settings, workload]);
}
