/** What a cliff shows, and the room that it has. */
import type { Cliff } from "../../../compare/sizes/cliff.ts";
import type { Wall } from "../../../compare/sizes/walls.ts";
import { plotWidth } from "../figure.ts";

/** One model on one machine. */
export interface MeasuredPoint {
  readonly series: string;
  /** `llama-3-8b q4_k_m`. */
  readonly model: string;
  /** Weights and KV cache. */
  readonly neededBytes: number;
  /** In the unit of the picture. */
  readonly value: number;
  readonly onGpu: boolean;
  readonly mixture: boolean;
}

export interface CliffPicture {
  readonly id: string;
  readonly title: string;
  /** Null where nothing is predicted of any of them. */
  readonly cliff: Cliff | null;
  readonly points: readonly MeasuredPoint[];
  readonly walls: readonly Wall[];
  readonly series: readonly string[];
  /** Of a predicted time. */
  readonly valueOf: (seconds: number) => number;
  readonly unit: string;
  readonly yTitle: string;
  /** Whether more is better: better is up, always. */
  readonly better: "higher" | "lower";
}

export const bytesPerGib = 2 ** 30;
export const plotHeight = 230;
/** Of a machine's sign before a word. */
export const signWidth = 14;
/** From the axis down to the first row of words below it, past the ticks'. */
export const railTop = 24;

/** The sides of the plot; above and below it there is room for as many rows of words as there are. */
export const sides = { left: 54, right: 12 } as const;
export const innerWidth = plotWidth({ ...sides, top: 0, bottom: 0 });

/** A line, or two sizes that were measured. */
export function isDrawable({ cliff, points }: CliffPicture): boolean {
  return cliff !== null || new Set(points.map(({ neededBytes }) => neededBytes)).size > 1;
}
