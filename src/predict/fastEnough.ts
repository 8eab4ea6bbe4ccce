/** What to buy: the machines that reach a speed. */
import type { BoxPrice } from "./boxPrices.ts";
import type { SpeedPrediction } from "./predictSpeed.ts";

export interface Candidate {
  readonly machine: string;
  /** Null where it doesn't run, or nothing tells how fast. */
  readonly predicted: SpeedPrediction | null;
}

export type FastEnough<One extends Candidate = Candidate> = One & {
  readonly predicted: SpeedPrediction;
  /** The whole range of the prediction reaches it. */
  readonly sure: boolean;
  readonly price: BoxPrice | null;
};

export interface ShoppingList<One extends Candidate = Candidate> {
  /** Fastest first. */
  readonly bySpeed: readonly FastEnough<One>[];
  /** Cheapest first: those that the user gave a price for. Null where no price was given. */
  readonly byPrice: readonly FastEnough<One>[] | null;
}

/** Candidates whose predicted decode reaches `minTokensPerSecond`. */
export function fastEnough<One extends Candidate>(
  candidates: readonly One[],
  minTokensPerSecond: number,
  prices: ReadonlyMap<string, BoxPrice> | null = null,
): ShoppingList<One> {
  const reaching = candidates
    .flatMap((one): FastEnough<One>[] => {
      const { machine, predicted } = one;
      if (predicted === null || predicted.tg_ts < minTokensPerSecond) return [];
      const sure = predicted.low >= minTokensPerSecond;
      return [{ ...one, predicted, sure, price: prices?.get(machine) ?? null }];
    })
    .toSorted((a, b) => b.predicted.tg_ts - a.predicted.tg_ts);
  return {
    bySpeed: reaching,
    byPrice:
      prices === null
        ? null
        : reaching
            .filter(({ price }) => price !== null)
            .toSorted((a, b) => (a.price?.amount ?? 0) - (b.price?.amount ?? 0)),
  };
}
