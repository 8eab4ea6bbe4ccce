/**
 * What llama.cpp knows of a model once it has read the header, as far as caches and layers go
 * (llama_hparams, src/llama-hparams.h, v0.4.0).
 */

export interface Hyperparameters {
  readonly architecture: string;
  /** Width of the residual stream. */
  readonly embedding: number;
  /** All layers of the file, which places on devices are counted by (`n_layer_all`). */
  readonly allLayers: number;
  /** Layers that a batch goes through (`n_layer()`); those behind them only predict further tokens. */
  readonly trunkLayers: number;
  /** By layer, of all of them. */
  readonly heads: readonly number[];
  readonly kvHeads: readonly number[];
  /** Inner widths of the dense feed-forward parts. */
  readonly feedForward: readonly number[];
  readonly headSizes: HeadSizes;
  /** Of layers that look back a window. */
  readonly windowHeadSizes: HeadSizes;
  /** Multi-head latent attention: V is read out of K's cache, and has none (`is_mla`). */
  readonly latent: boolean;
  /** Tokens that a windowed layer looks back; null where no layer has a window. */
  readonly window: number | null;
  readonly windowed: readonly boolean[];
  readonly recurrent: readonly boolean[];
  /** What a recurrent layer remembers of a sequence; null where no layer is recurrent. */
  readonly state: RecurrentState | null;
  /** Later layers read the caches of earlier ones; null where each has its own. */
  readonly layersWithCache: number | null;
  /** Experts that a token goes through in a layer; 0 where there are none. */
  readonly expertsUsed: number;
  /** Layers before the first mixture of experts. */
  readonly denseLead: number;
  /** Of a layer's experts, how many there are and how many a token goes through; null without any. */
  readonly experts: Experts | null;
  /** Keys by which sparse attention chooses what it looks at; null where it looks at everything. */
  readonly indexer: Indexer | null;
  /** DeepSeek-V4: how many tokens become one cell, by layer; 0 where none do. */
  readonly compressRatios: readonly number[];
  /** DeepSeek-V4 projects the attention's output in groups of heads, each to so many elements; null elsewhere. */
  readonly outputGroups: { readonly count: number; readonly rank: number } | null;
}

export interface Experts {
  readonly count: number;
  readonly used: number;
}

export interface HeadSizes {
  readonly key: number;
  readonly value: number;
}

export interface Indexer {
  readonly keySize: number;
  /** Layers that have an indexer of their own. */
  readonly own: readonly boolean[];
}

export type RecurrentState =
  /** Mamba, Mamba 2 and gated delta nets. */
  | {
      readonly kind: "ssm";
      readonly convKernel: number;
      readonly innerSize: number;
      readonly stateSize: number;
      readonly groups: number;
      /** Heads of values in gated delta nets. */
      readonly timeStepRank: number;
      /** Rows of the n-gram history, in the layers that keep one (Qwen 4). */
      readonly history: { readonly layers: readonly number[]; readonly elements: number } | null;
    }
  /** Kimi delta attention. */
  | { readonly kind: "kda"; readonly convKernel: number; readonly headSize: number }
  /** Lightning attention of MiniMax-Text-01. */
  | { readonly kind: "lightning"; readonly headSize: number }
  | { readonly kind: "rwkv"; readonly headSize: number; readonly tokenShifts: number }
  /** Short convolutions of LFM2. */
  | { readonly kind: "shortconv"; readonly cache: number };

/** Tensors by name, where an architecture asks whether one is there. */
export type HasTensor = (name: string) => boolean;
