/** What to buy: the machines that reach a speed. */
import type { BoxPrice } from "./boxPrices.ts";
import type { SpeedPrediction } from "./predictSpeed.ts";

export interface Candidate {
  readonly machine: string;
  readonly predicted: SpeedPrediction | null;
}

export interface FastEnough {
  readonly machine: string;
  readonly predicted: SpeedPrediction;
  /** The whole range of the prediction reaches it. */
  readonly sure: boolean;
  readonly price: BoxPrice | null;
}

export interface ShoppingList {
  /** Fastest first. */
  readonly bySpeed: readonly FastEnough[];
  /** Cheapest first: those that the user gave a price for. Null where no price was given. */
  readonly byPrice: readonly FastEnough[] | null;
}

/** Candidates whose predicted decode reaches `minTokensPerSecond`. */
export function fastEnough(
  candidates: readonly Candidate[],
  minTokensPerSecond: number,
  prices: ReadonlyMap<string, BoxPrice> | null = null,
): ShoppingList {
  const reaching = candidates
    .flatMap(({ machine, predicted }): FastEnough[] =>
      predicted === null || predicted.tg_ts < minTokensPerSecond
        ? []
        : [
            {
              machine,
              predicted,
              sure: predicted.low >= minTokensPerSecond,
              price: prices?.get(machine) ?? null,
            },
          ],
    )
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
