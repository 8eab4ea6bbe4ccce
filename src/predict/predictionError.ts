/** How far predictions are off, by what they stand on: an interval that holds four measurements of five. */
import type { LeaveOneOut } from "./leaveOneOut.ts";
import type { Basis } from "./speedSource.ts";

type Kind = "decode" | "prefill" | "prefillOfSeveral" | "host";

/**
 * Relative errors that four of five kept-aside rows stay within (`npm run bench:predict` prints them), more where the
 * rows are of older builds than what is predicted. `prefillOfSeveral`: cards that work on several ubatches at once, or
 * don't. `host`: layers on the CPU beside a GPU, of which few rows are published.
 */
const errors: Readonly<Record<Kind, Readonly<Record<Basis, number>>>> = {
  decode: { "measured here": 0.05, published: 0.08, datasheet: 0.2 },
  prefill: { "measured here": 0.12, published: 0.2, datasheet: 0.55 },
  prefillOfSeveral: { "measured here": 0.5, published: 0.5, datasheet: 0.65 },
  host: { "measured here": 0.1, published: 0.4, datasheet: 0.4 },
};

/** The rows' own leave-one-out error counts where it is worse than usual. */
export function typicalError(kind: Kind, basis: Basis, left: LeaveOneOut | null): number {
  return Math.max(errors[kind][basis], left?.medianError ?? 0);
}

/** `bound`: what the hardware can't exceed, Infinity where it isn't known. */
export function spreadOf(
  tokensPerSecond: number,
  error: number,
  bound: number,
): { readonly centre: number; readonly low: number; readonly high: number } {
  const centre = Math.min(tokensPerSecond, bound);
  return {
    centre,
    low: centre / (1 + error),
    high: Math.min(centre * (1 + error), bound),
  };
}
