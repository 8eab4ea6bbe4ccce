/** Numbers and lists as the sentences print them. */
import type { Status } from "../../../bench/statuses.ts";
import { threeDigits } from "../../format.ts";

/** `62%`. */
export function wholePercent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

export const bytesPerGib = 2 ** 30;

/** `38.6 GiB`; below one GiB `606.5 MiB`. */
export function gib(bytes: number): string {
  return bytes < bytesPerGib
    ? `${(bytes / 2 ** 20).toFixed(1)} MiB`
    : `${(bytes / bytesPerGib).toFixed(1)} GiB`;
}

/** `38.6 of 24.0 GiB`. */
export function gibOf(needed: number, budget: number): string {
  return `${(needed / bytesPerGib).toFixed(1)} of ${gib(budget)}`;
}

interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Lowest and highest; of more values than a call takes arguments, too. */
export function extent(values: readonly number[]): Extent {
  return {
    low: values.reduce((a, b) => Math.min(a, b), Infinity),
    high: values.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

/** `2.34 to 3.06`, or the one number. */
export function range(values: readonly number[]): string {
  const { low, high } = extent(values);
  const [from, to] = [threeDigits(low), threeDigits(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** `2.34–3.06`, or the one number. */
export function rangeText({ low, high }: Extent): string {
  const [from, to] = [threeDigits(low), threeDigits(high)];
  return from === to ? from : `${from}–${to}`;
}

/** `a`, `a and b`, `a, b and c`; beyond `most` the rest is counted. */
export function listed(items: readonly string[], most = 6): string {
  const shown =
    items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** `does not fit`. */
export function statusText(status: Status): string {
  return status.replaceAll("_", " ");
}
