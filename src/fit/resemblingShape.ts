/** A dense transformer as wide as a model whose graph llmbench doesn't lay out: experts count as often as a token uses them. */
import type { Hyperparameters } from "../gguf/hyperparameters.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { modelShapeSchema } from "../gguf/shapeSchema.ts";
import type { CachePlan } from "./caches/cachePlan.ts";

export interface Resembled {
  readonly parameters: Hyperparameters;
  readonly caches: CachePlan;
  readonly vocabulary: number | undefined;
  readonly trainedTokens: number | undefined;
  readonly tiedEmbeddings: boolean;
  /** Inner width of all experts that a token uses; 0 where there are none. */
  readonly expertsWidth: number;
}

/** Null where that isn't told. */
export function resemblingShape({
  parameters,
  caches,
  vocabulary,
  trainedTokens,
  tiedEmbeddings,
  expertsWidth,
}: Resembled): ModelShape | null {
  const { embedding, trunkLayers, heads, kvHeads, feedForward, headSizes } = parameters;
  const parsed = modelShapeSchema.safeParse({
    architecture: "llama",
    n_layers: trunkLayers,
    n_embd: embedding,
    n_ff: Math.max(1, ...feedForward, expertsWidth),
    n_heads: Math.max(1, ...heads),
    n_kv_heads: Math.max(1, ...kvHeads),
    // Without attention, as if all were one head.
    head_size: Math.max(headSizes.key, headSizes.value) || embedding,
    n_vocab: vocabulary,
    n_ctx_train: trainedTokens,
    tied_embeddings: tiedEmbeddings,
    norm_epsilon: 1e-5,
    sliding_window: windowOfAll(caches, trunkLayers),
    rope: { freq_base: 10_000 },
  });
  return parsed.success ? parsed.data : null;
}

/** Where no layer looks at the whole context, the graph holds no scores for it. */
function windowOfAll({ attention }: CachePlan, trunkLayers: number): ModelShape["sliding_window"] {
  const kept = attention
    .filter(({ layers }) => layers.some(({ layer }) => layer < trunkLayers))
    .map(({ cells }) => cells);
  if (kept.some(({ kind }) => kind === "context")) return undefined;
  const windows = kept.map((cells) => (cells.kind === "window" ? cells.tokens : 1));
  return { tokens: Math.max(1, ...windows), period: trunkLayers + 1 };
}
