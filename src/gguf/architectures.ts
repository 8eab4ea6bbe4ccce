/** Architectures whose tensor tables llmbench knows, under llama.cpp's names (src/llama-arch.cpp and src/models, v0.4.0). */
import type { RecurrentShape } from "./recurrentShape.ts";

interface ArchitectureTraits {
  /** Norms of queries and keys: head by head, or of all heads together. */
  readonly queryKeyNorms?: "by head" | "of all heads";
  /** Biases of queries, keys and values, or of the attention's output too. */
  readonly attentionBias?: "inputs" | "all";
  /** A learned logit per head that attention may sink into. */
  readonly sinks?: true;
  /** Queries bring a gate of their own width, by which what was attended to is multiplied. */
  readonly gatedQueries?: true;
  /** One matrix for queries, keys and values, and one for both inputs of the feed-forward part. */
  readonly fused?: true;
  /** Norms behind attention and feed-forward part, beside those before. */
  readonly postNorms?: true;
  /** The norm before the feed-forward part is called that of what attention leaves. */
  readonly normedAfterAttention?: true;
  /** Feed-forward parts have no gate beside their input. */
  readonly ungated?: true;
  /** A number at each layer's end, by which its result is multiplied. */
  readonly scaledLayers?: true;
  readonly experts?: {
    /** Biases of the router and of each expert. */
    readonly bias?: true;
    /** A bias that decides which experts are chosen, and not how much they count. */
    readonly choiceBias?: true;
    /** llama_expert_gating_func_type, where the file must tell it. */
    readonly gating?: number;
    /** The shared expert counts by a gate of its own. */
    readonly sharedGate?: true;
    /** Each expert's gate and input are one matrix. */
    readonly fused?: true;
    /** They work beside the layer's dense part, with norms and scales of their own. */
    readonly besideDense?: true;
  };
  /** Every how many layers one looks at the whole context, where the file states a window and no pattern. */
  readonly windowPeriod?: number;
  /** The file states layer by layer which have a window. */
  readonly windowList?: true;
  /** What its layers that don't attend are. */
  readonly recurrent?: RecurrentShape["kind"];
  /** Tensor of the last norm, where it isn't `output_norm`. */
  readonly lastNorm?: string;
  /** The file states an epsilon of layer norms too (`attention.layer_norm_epsilon`). */
  readonly layerNorms?: true;
  /** Whether a prompt begins with BOS (`add_bos_token` of the published tokenizer configurations). */
  readonly addsBos: boolean;
}

const sigmoid = 2;
const sqrtSoftplus = 4;

export const architectures = {
  llama: { experts: {}, addsBos: true },
  mistral3: { experts: {}, addsBos: true },
  llama4: { experts: {}, windowPeriod: 4, addsBos: true },
  qwen2: { attentionBias: "inputs", addsBos: false },
  qwen3: { queryKeyNorms: "by head", addsBos: false },
  qwen3moe: { queryKeyNorms: "by head", experts: {}, addsBos: false },
  qwen3next: {
    recurrent: "delta_net",
    queryKeyNorms: "by head",
    gatedQueries: true,
    normedAfterAttention: true,
    experts: { sharedGate: true },
    addsBos: false,
  },
  qwen35: {
    recurrent: "delta_net",
    queryKeyNorms: "by head",
    gatedQueries: true,
    normedAfterAttention: true,
    addsBos: false,
  },
  qwen35moe: {
    recurrent: "delta_net",
    queryKeyNorms: "by head",
    gatedQueries: true,
    normedAfterAttention: true,
    experts: { sharedGate: true },
    addsBos: false,
  },
  "gpt-oss": {
    attentionBias: "all",
    sinks: true,
    normedAfterAttention: true,
    experts: { bias: true },
    windowPeriod: 2,
    addsBos: false,
  },
  glm4moe: {
    attentionBias: "inputs",
    normedAfterAttention: true,
    experts: { choiceBias: true, gating: sigmoid },
    addsBos: false,
  },
  "glm-dsa": { experts: { choiceBias: true, gating: sigmoid }, addsBos: false },
  deepseek2: { experts: { choiceBias: true, gating: sigmoid }, addsBos: true },
  deepseek32: { experts: { choiceBias: true, gating: sigmoid }, addsBos: true },
  deepseek4: { experts: { choiceBias: true, gating: sqrtSoftplus }, addsBos: true },
  "minimax-m2": {
    queryKeyNorms: "of all heads",
    experts: { choiceBias: true, gating: sigmoid },
    addsBos: false,
  },
  gemma3: { queryKeyNorms: "by head", postNorms: true, windowPeriod: 6, addsBos: true },
  gemma4: {
    queryKeyNorms: "by head",
    postNorms: true,
    scaledLayers: true,
    experts: { fused: true, besideDense: true },
    windowList: true,
    addsBos: true,
  },
  phi3: { fused: true, addsBos: false },
  nemotron_h: { recurrent: "mamba2", ungated: true, layerNorms: true, addsBos: false },
  nemotron_h_moe: {
    recurrent: "mamba2",
    ungated: true,
    layerNorms: true,
    experts: { choiceBias: true, gating: sigmoid },
    addsBos: false,
  },
  granitehybrid: { recurrent: "mamba2", experts: {}, addsBos: false },
  lfm2: {
    recurrent: "short_convolution",
    queryKeyNorms: "by head",
    lastNorm: "token_embd_norm",
    addsBos: true,
  },
  lfm2moe: {
    recurrent: "short_convolution",
    queryKeyNorms: "by head",
    lastNorm: "token_embd_norm",
    experts: { choiceBias: true, gating: sigmoid },
    addsBos: true,
  },
} as const satisfies Record<string, ArchitectureTraits>;

export type Architecture = keyof typeof architectures;

export const architectureNames = Object.keys(architectures) as [Architecture, ...Architecture[]];

export function traitsOf(architecture: Architecture): ArchitectureTraits {
  return architectures[architecture];
}

export function isArchitecture(name: string): name is Architecture {
  return Object.hasOwn(architectures, name);
}
