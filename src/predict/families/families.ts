/** Kinds of models as people run them, each told by some of the catalogue, small ones first. */
import type { Quantization } from "../../gguf/quantizations.ts";

export interface Family {
  /** Ids of the catalogue: other sizes lie on the lines through these. */
  readonly members: readonly [string, string, ...string[]];
}

export const families = {
  /** Every token goes through all weights. */
  dense: { members: ["llama-3.2-3b", "llama-3.1-8b", "llama-3.1-70b", "llama-3.1-405b"] },
  /** A token goes through 8 of 128 experts, which with all else is a tenth of the weights. */
  mixture: { members: ["qwen3-30b-a3b", "qwen3-235b-a22b"] },
} as const satisfies Record<string, Family>;

export type FamilyName = keyof typeof families;
export const familyNames = Object.keys(families) as readonly FamilyName[];

/** What most people run, and nearly all that is published: Q4_K_M, which llama.cpp gives Llama 3.1 8B 4.9 bits a weight. */
export const usualQuantization = "q4_k_m" satisfies Quantization;
export const usualBitsPerWeight = 4.9;
