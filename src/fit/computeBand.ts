/**
 * How far compute buffers may be off where llmbench lays out a graph that only resembles the model's. The bounds hold
 * for what llama.cpp v0.4.0 says of 750 headers that generate, of 130 architectures, with layers, contexts and caches at random.
 */
import type { Hyperparameters } from "../gguf/hyperparameters.ts";

/** Shares of the estimate. */
export interface ComputeBand {
  readonly least: number;
  readonly most: number;
}

/** Graphs of attention and feed-forward parts, recurrences among them. */
const usual: ComputeBand = { least: 0.4, most: 3 };

/** Scores by which sparse attention chooses, of each head of the indexer. */
const indexed: ComputeBand = { least: 0.4, most: 9 };

/** Architectures that hold more at a time: streams beside the residual one, all experts' results, n-gram tables. */
const wider: Readonly<Record<string, number>> = { gemma3n: 14, grok: 5, qwen4exp: 50 };

export function computeBand({ architecture, indexer }: Hyperparameters): ComputeBand {
  const most = wider[architecture];
  if (most !== undefined) return { least: usual.least, most };
  return indexer === null ? usual : indexed;
}
