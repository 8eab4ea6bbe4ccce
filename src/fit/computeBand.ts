/**
 * How far compute buffers may be off where llmbench lays out a graph that only resembles the model's. The bounds hold
 * for what llama.cpp v0.4.0 says of 750 headers that generate, of 130 architectures, with layers, contexts and caches at random.
 */
import type { Hyperparameters } from "../gguf/hyperparameters.ts";

export interface ComputeBand {
  /** Shares of what is expected. */
  readonly least: number;
  readonly most: number;
}

/** Graphs of attention and feed-forward parts, recurrences among them. */
const usual: ComputeBand = { least: 0.4, most: 3 };

/** Scores by which sparse attention chooses, of each head of the indexer. */
const indexed: ComputeBand = { ...usual, most: 9 };

/** Architectures that hold more at a time: streams beside the residual one, all experts' results, n-gram tables. */
const wider: Readonly<Record<string, number>> = { gemma3n: 14, grok: 5, qwen4exp: 50 };

export function computeBand({ architecture, indexer }: Hyperparameters): ComputeBand {
  const most = wider[architecture];
  if (most !== undefined) return { ...usual, most };
  return indexer === null ? usual : indexed;
}

/** An estimate that was corrected by what it was off for another placement, or another backend. */
export const corrected = { least: 0.6, most: 1.6 } as const;

/** By how much an estimate was off, at contexts in ascending order. */
export type KnownShares = readonly { readonly nCtx: number; readonly share: number }[];

/** On the line between two contexts, and as at the outer ones beyond them. */
export function shareAt(known: KnownShares, nCtx: number): number {
  const below = known.findLast((one) => one.nCtx <= nCtx) ?? known[0];
  const above = known.find((one) => one.nCtx >= nCtx) ?? known.at(-1);
  if (below === undefined || above === undefined) return 1;
  if (above.nCtx <= below.nCtx) return below.share;
  const part = (nCtx - below.nCtx) / (above.nCtx - below.nCtx);
  return below.share + part * (above.share - below.share);
}
