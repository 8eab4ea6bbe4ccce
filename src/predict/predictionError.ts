/** How far predictions are off, by what they stand on: an interval that holds four measurements of five. */
import type { LeaveOneOut } from "./leaveOneOut.ts";
import type { Basis } from "./speedSource.ts";

/** Relative errors on either side: the range is from `centre ÷ (1 + below)` to `centre × (1 + above)`. */
export interface RangeError {
  readonly below: number;
  readonly above: number;
}

const even = (error: number): RangeError => ({ below: error, above: error });

/**
 * What four of five rows stay within that nothing of the prediction had seen. Those from datasheets are read off machines,
 * kinds of memory and architectures that were left out (`fitRanges`; `npm run bench:predict -- --ranges` prints them).
 * Rows of the same box are nearer than `published` says (10% of decode, 15% of prefill), but the one that is asked about is
 * another box of its kind. From a datasheet decode is off downwards more than upwards: the memory's bandwidth is a bound
 * above, and power limits, old builds and slow hosts have none below.
 */
const errors = {
  decode: {
    "measured here": even(0.05),
    roofline: even(0.15),
    published: even(0.11),
    datasheet: { below: 0.23, above: 0.13 },
  },
  prefill: {
    "measured here": even(0.12),
    roofline: even(0.2),
    published: { below: 0.2, above: 0.31 },
    datasheet: { below: 0.53, above: 0.54 },
  },
  /** Prompts of several ubatches on several cards, which work on them at once, or don't. */
  prefillOfSeveral: {
    "measured here": even(0.5),
    roofline: even(0.5),
    published: { below: 0.9, above: 0.7 },
    datasheet: { below: 1.5, above: 0.8 },
  },
  /** Layers on the CPU beside a GPU, of which few rows are published: RAM and processors differ from box to box. */
  host: {
    "measured here": even(0.1),
    /** Beside a GPU llama.cpp leaves weights in plain memory, where those of the CPU alone are repacked: at most half as fast. */
    roofline: { below: 1.1, above: 0.25 },
    published: even(0.4),
    datasheet: even(0.4),
  },
  /** Weights that go over PCIe: at 25 GB/s where they are pinned and the slot has 16 lanes, else at less than half of it. */
  transfer: {
    "measured here": { below: 1.2, above: 0.4 },
    roofline: { below: 1.2, above: 0.4 },
    published: { below: 1.2, above: 0.4 },
    datasheet: { below: 1.2, above: 0.55 },
  },
} as const satisfies Record<string, Readonly<Record<Basis, RangeError>>>;

export type ErrorKind = keyof typeof errors;

/** What widens a range: each is a reason that people are told. */
const widened = {
  /** The machine's rows are of models that consist of other layers: mixtures, or recurrent ones. */
  otherLayers: { below: 0.3, above: 0.23 },
  /** The machine's rows are of builds that launched each kernel (before mid 2024): today's may be faster by a third. */
  oldBuilds: { below: 0.1, above: 0.35 },
  /** The same of Apple's chips, whose kernels run beside each other since autumn 2025: they gain 10 to 30% by it. */
  oldMacBuilds: { below: 0.2, above: 0.3 },
  /** The same of prompts, whose kernels were rewritten. */
  otherPrompts: { below: 0.6, above: 0.55 },
  oldPrompts: { below: 0.2, above: 0.6 },
  /** Two machines with stacked memory calibrate its kind. */
  stackedDecode: { below: 0.6, above: 0.35 },
  stackedPrefill: { below: 0.8, above: 0.7 },
  /** Published figures of K-quants on Apple's chips differ by a third from build to build. */
  kQuantsOnApple: { below: 0.5, above: 0.22 },
  /** Two cards of Intel's calibrate them, a generation apart, and differ by half. */
  intel: { below: 0.8, above: 0.45 },
  /** A GPU beside a CPU shares the power that its box allows both: 45 to 120 W with the Ryzen AI Max+ 395 (AMD's page of it). */
  powerLimits: { below: 0.2, above: 0.1 },
  /** The same of prompts; and builds and drivers of one year differ by more than twice (Strix Halo, July 2025 to 2026). */
  sharedPrompts: { below: 1.5, above: 0.55 },
  /** Prompts on ROCm, which two machines calibrate. */
  rocmPrompts: { below: 1.5, above: 0.55 },
  /** No row calibrates cards that came before matrix units; a Tesla P40's reach two thirds of what later cards do. */
  noMatrixUnits: { below: 0.8, above: 0.13 },
  /** No row calibrates CPUs: with two sockets half of the memory is the other's, and few cores draw less than it has. */
  processors: { below: 0.8, above: 0.3 },
  /**
   * Most of the weights are of types that nobody read or multiplied here. Read on one thread of a Zen 4 they came to 0.14 to
   * 1.2 times the mean pace of the suite's types, i-quants below all; multiplied to 0.4 to 2.5 times.
   */
  otherTypes: { below: 4, above: 0.3 },
  otherProducts: { below: 1.5, above: 1.3 },
  /** Something held the machine back, by how much nobody knows: a tenth of its speed was seen beside other programs. */
  spoiled: { below: 0.5, above: 9 },
} as const satisfies Record<string, RangeError>;

export type Widening = keyof typeof widened;

/** How wide ranges are, by what a prediction stands on and by the reasons to doubt it. */
export interface Ranges {
  readonly errors: Readonly<Record<ErrorKind, Readonly<Record<Basis, RangeError>>>>;
  readonly widened: Readonly<Record<Widening, RangeError>>;
}

export const shippedRanges: Ranges = { errors, widened };

/** What a prediction's range goes by. */
export interface RangeQuestion {
  readonly kind: ErrorKind;
  readonly basis: Basis;
  /** Of the rows that it stands on: their own error counts where it is worse than usual. */
  readonly left: LeaveOneOut | null;
  readonly wider: readonly Widening[];
}

export function typicalError(
  { kind, basis, left, wider }: RangeQuestion,
  { errors: usual, widened: reasons }: Ranges,
): RangeError {
  return widest([
    usual[kind][basis],
    even(left?.medianError ?? 0),
    ...wider.map((reason) => reasons[reason]),
  ]);
}

export function widest(some: readonly RangeError[]): RangeError {
  return {
    below: Math.max(...some.map(({ below }) => below)),
    above: Math.max(...some.map(({ above }) => above)),
  };
}

/** `bound`: what the hardware can't exceed, Infinity where it isn't known. */
export function spreadOf(
  tokensPerSecond: number,
  { below, above }: RangeError,
  bound: number,
): { readonly centre: number; readonly low: number; readonly high: number } {
  const centre = Math.min(tokensPerSecond, bound);
  return {
    centre,
    low: centre / (1 + below),
    high: Math.min(centre * (1 + above), bound),
  };
}
