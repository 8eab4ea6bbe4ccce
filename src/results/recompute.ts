/** A row's figures once more, out of what was measured: raw times and llama.cpp's buffers. */
import type { Noise } from "../machine/noise.ts";
import { betweenLaunchSd } from "./betweenLaunchSd.ts";
import type { CaseResult } from "./caseResult.ts";
import { measuredMemory } from "./measuredMemory.ts";
import { summarizeCase } from "./summarizeCase.ts";

/** Sums of floats in another order, or another JavaScript engine's logarithm, may differ in the last digits. */
const relativeTolerance = 1e-9;

/** A figure that isn't what its measurements give. */
export interface Deviation {
  readonly column: string;
  readonly stated: unknown;
  readonly follows: unknown;
}

/**
 * What follows from the row's own measurements, by column: everything but what was predicted.
 * @param noise how much launches differ on the machine, as the run took it to be; null where it wasn't measured.
 */
export function recomputed(result: CaseResult, noise: Noise | null): Partial<CaseResult> {
  const { launch_results: _, ...summary } = summarizeCase(
    result.launch_results,
    result.n_prompt + result.n_gen,
    betweenLaunchSd(noise, result),
  );
  const memory = result.buffers.length === 0 ? {} : measuredMemory(result.buffers);
  return { ...summary, ...memory };
}

export function deviations(result: CaseResult, noise: Noise | null): Deviation[] {
  return Object.entries(recomputed(result, noise)).flatMap(([column, follows]) => {
    const stated = result[column as keyof CaseResult];
    return agree(stated, follows) ? [] : [{ column, stated, follows }];
  });
}

function agree(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, i) => agree(value, b[i]));
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Math.abs(a - b) <= relativeTolerance * Math.max(Math.abs(a), Math.abs(b));
}
