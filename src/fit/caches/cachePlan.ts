/** Which caches a model keeps, layer by layer: what llama.cpp makes of its hyperparameters, whatever the context. */

/** How many cells a cache has. */
export type CellRule =
  /** One a token of the context. */
  | { readonly kind: "context" }
  /** Those of the window and of a batch. */
  | { readonly kind: "window"; readonly tokens: number }
  /** One for so many tokens. */
  | { readonly kind: "compressed"; readonly tokens: number };

/** One llama_kv_cache: a line of llama.cpp's log. */
export interface AttentionCache {
  readonly cells: CellRule;
  /** Each sequence has cells of its own, even where sequences share them elsewhere. */
  readonly perSequence: boolean;
  readonly layers: readonly AttentionLayer[];
  /** Elements of V a cell, of any layer of the model: without flash attention each layer's V takes as many. */
  readonly widestValue: number;
}

/** Elements a cell. */
export interface AttentionLayer {
  readonly layer: number;
  readonly key: number;
  /** 0 where V is read out of K. */
  readonly value: number;
}

/** What is remembered of a sequence however long it gets, in tensors of F32. */
export interface StateLayer {
  readonly layer: number;
  /** Elements of each tensor, for one sequence. */
  readonly tensors: readonly number[];
}

export interface CachePlan {
  readonly attention: readonly AttentionCache[];
  readonly state: readonly StateLayer[];
}

export const noCaches: CachePlan = { attention: [], state: [] };
