/** What a cliff shows. */
import type { Cliff } from "../../../../compare/sizes/cliff.ts";
import type { Wall } from "../../../../compare/sizes/walls.ts";

/** One model on one machine. */
export interface MeasuredPoint {
  readonly series: string;
  /** `llama-3-8b q4_k_m`. */
  readonly model: string;
  /** Weights and KV cache. */
  readonly neededBytes: number;
  /** The value in the unit of the picture. */
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
  /** The value that a predicted time comes to. */
  readonly valueOf: (seconds: number) => number;
  readonly unit: string;
  readonly yTitle: string;
  /** Whether more is better: better is up, always. */
  readonly better: "higher" | "lower";
}

/** A line, or two sizes that were measured. */
export function isDrawable({ cliff, points }: CliffPicture): boolean {
  return cliff !== null || new Set(points.map(({ neededBytes }) => neededBytes)).size > 1;
}
