/** Architectures whose tensor tables llmbench knows, under llama.cpp's names (src/llama-arch.cpp and src/models, v0.4.0). */

interface ArchitectureTraits {
  /** Norms of queries and keys, head by head. */
  readonly perHeadNorms?: true;
  /** Biases of queries, keys and values, or of the attention's output too. */
  readonly attentionBias?: "inputs" | "all";
  /** A learned logit per head that attention may sink into. */
  readonly sinks?: true;
  /** Norms behind attention and feed-forward part, beside those before. */
  readonly postNorms?: true;
  /** The norm before the feed-forward part is called that of what attention leaves. */
  readonly normedAfterAttention?: true;
  readonly experts?: {
    /** Biases of the router and of each expert. */
    readonly bias?: true;
    /** A bias that decides which experts are chosen, and not how much they count. */
    readonly choiceBias?: true;
    /** llama_expert_gating_func_type, where the file must tell it. */
    readonly gating?: number;
  };
  /** Every how many layers one looks at the whole context, where the file states a window and no pattern. */
  readonly windowPeriod?: number;
  /** Whether a prompt begins with BOS (`add_bos_token` of the published tokenizer configurations). */
  readonly addsBos: boolean;
}

const sigmoid = 2;

export const architectures = {
  llama: { experts: {}, addsBos: true },
  qwen3: { perHeadNorms: true, addsBos: false },
  qwen3moe: { perHeadNorms: true, experts: {}, addsBos: false },
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
  gemma3: { perHeadNorms: true, postNorms: true, windowPeriod: 6, addsBos: true },
} as const satisfies Record<string, ArchitectureTraits>;

export type Architecture = keyof typeof architectures;

export const architectureNames = Object.keys(architectures) as [Architecture, ...Architecture[]];

export function traitsOf(architecture: Architecture): ArchitectureTraits {
  return architectures[architecture];
}

export function isArchitecture(name: string): name is Architecture {
  return Object.hasOwn(architectures, name);
}
