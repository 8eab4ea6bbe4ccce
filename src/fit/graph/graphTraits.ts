/**
 * Architectures whose compute graph llmbench lays out as llama.cpp does, and what tells them from each other beside their
 * shape (src/models, v0.4.0). Of the others it lays out one that resembles it.
 */
import { architectures, type Architecture } from "../../gguf/architectures.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";

export interface GraphTraits {
  /** Where the tokens are picked whose logits are wanted; in the last layer, before its feed-forward part, by default. */
  readonly picks?: "before the last norm" | "behind the last norm";
  /** Parts of a layer whose result is the second operand where it is added to what it was made from. */
  readonly secondOperand?: readonly ("mixer" | "feed-forward")[];
  /** Embeddings are scaled: with what finds them, or where they are first read. */
  readonly scalesEmbeddings?: "at once" | "when read";
  readonly scalesQueries?: true;
  /** What mixers and feed-forward parts give is scaled. */
  readonly scalesParts?: true;
  readonly logits?: "scaled" | "capped";
  /** Values are normed, without weights. */
  readonly normsValues?: true;
  /** Layers without a window have no positions: their queries are scaled by the context instead. */
  readonly positionsInWindows?: true;
  /** Attention has no positions at all. */
  readonly withoutPositions?: true;
  /** Rope factors are those of layers without a window. */
  readonly factorsOutsideWindows?: true;
  /** Scores are not normed over the experts that were chosen. */
  readonly plainShares?: true;
  /** What goes into experts is weighted, and not what comes out. */
  readonly weightsBefore?: true;
}

const deltaNet: GraphTraits = { picks: "behind the last norm" };

const laidOut: Readonly<Partial<Record<Architecture, GraphTraits>>> = {
  llama: {},
  mistral3: {},
  llama4: { positionsInWindows: true, plainShares: true, weightsBefore: true },
  qwen2: {},
  qwen3: {},
  qwen3moe: {},
  qwen3next: deltaNet,
  qwen35: deltaNet,
  qwen35moe: deltaNet,
  "gpt-oss": { picks: "before the last norm" },
  glm4moe: {},
  deepseek2: {},
  deepseek32: {},
  deepseek4: {},
  "glm-dsa": {},
  "minimax-m2": {},
  gemma3: { scalesEmbeddings: "when read", scalesQueries: true },
  gemma4: {
    picks: "behind the last norm",
    scalesEmbeddings: "when read",
    normsValues: true,
    factorsOutsideWindows: true,
    logits: "capped",
  },
  phi3: { scalesQueries: true, secondOperand: ["feed-forward"] },
  nemotron_h: { picks: "behind the last norm", withoutPositions: true },
  nemotron_h_moe: { picks: "behind the last norm", withoutPositions: true },
  granitehybrid: { scalesEmbeddings: "at once", scalesParts: true, logits: "scaled" },
  lfm2: { secondOperand: ["mixer", "feed-forward"] },
  lfm2moe: { secondOperand: ["mixer", "feed-forward"] },
} satisfies Partial<Record<keyof typeof architectures, GraphTraits>>;

/** Of a shape that resembles another, those of its own architecture. */
export function graphTraits(architecture: Architecture): GraphTraits {
  return laidOut[architecture] ?? {};
}

/** Delta nets as wide have kernels on all devices; what stands in for them elsewhere isn't laid out. */
const fusedHeads: ReadonlySet<number> = new Set([32, 64, 128]);

export function hasKnownGraph({
  architecture,
  recurrent,
}: Pick<ModelShape, "architecture" | "recurrent">): boolean {
  if (recurrent?.kind === "delta_net" && !fusedHeads.has(recurrent.head_size)) return false;
  return laidOut[architecture] !== undefined;
}
