/** What the compared machines cost, as the user's own list says: prices change, and none comes with llmbench. */
import type { Machine } from "../../../compare/machines.ts";
import type { BoxPrice } from "../../../predict/boxPrices.ts";

/** Prices by the names that results call machines by. */
export type Prices = ReadonlyMap<string, BoxPrice>;

/** `Prices that were given, of whole boxes: m3-max 3,999 EUR (2026-11-01); …`; empty where none was given. */
export function priceSentence(machines: readonly Machine[], prices: Prices | null): string[] {
  if (prices === null) return [];
  const told = machines.map((machine) => {
    const price = priceOf(machine, prices);
    return price === null
      ? `${machine.label} without one`
      : `${machine.label} ${priceText(price)} (${price.date})`;
  });
  return [`Prices that were given, of whole boxes: ${told.join("; ")}.`];
}

/** `3,999 EUR`. */
export function priceText({ amount, currency }: BoxPrice): string {
  return `${amount.toLocaleString("en-US")} ${currency}`;
}

function priceOf({ label, cases: [first] }: Machine, prices: Prices): BoxPrice | null {
  return prices.get(label) ?? prices.get(first?.machine.name ?? "") ?? null;
}
