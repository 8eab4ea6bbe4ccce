/** Sizes that are asked about: few steps far apart, and finer ones between two of them where something changes. */
import type { SizeRange } from "./sizesToDraw.ts";

/** A change is known to this ratio. */
const finest = 1.02;

/** Fine steps of a coarse one: by 15%. */
const fineSteps = 7;

/** All that ask about one range ask about the same sizes, so that each is predicted once. */
export class SizeGrid {
  readonly #from: number;
  readonly #ratio: number;
  readonly #last: number;

  constructor({ from, to }: SizeRange) {
    this.#from = from;
    this.#last = fineSteps * Math.ceil(Math.log(to / from) / Math.log(finest) / fineSteps);
    this.#ratio = (to / from) ** (1 / this.#last);
  }

  /** Bytes of weights at a step, or between two. */
  at(step: number): number {
    return this.#from * this.#ratio ** step;
  }

  /** Steps from the smallest size to the largest. */
  get coarse(): readonly number[] {
    return Array.from({ length: this.#last / fineSteps + 1 }, (_, i) => i * fineSteps);
  }

  /** The pairs of neighbouring steps between which what is told changes. */
  changes<Told>(tell: (step: number) => Told, isSame: (a: Told, b: Told) => boolean): Change[] {
    const between = (low: number, high: number): Change[] => {
      if (isSame(tell(low), tell(high))) return [];
      if (high - low === 1) return [{ before: low, after: high }];
      const middle = Math.floor((low + high) / 2);
      return [...between(low, middle), ...between(middle, high)];
    };
    const { coarse } = this;
    return coarse.slice(1).flatMap((high, i) => between(coarse[i] ?? high, high));
  }
}

export interface Change {
  readonly before: number;
  readonly after: number;
}
