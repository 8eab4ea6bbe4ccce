/** A file's memory model: weights and caches by its header; of an architecture whose graph llmbench doesn't lay out, one that resembles it. */
import type { Hyperparameters } from "../gguf/hyperparameters.ts";
import { hyperparameters } from "../gguf/readHyperparameters.ts";
import { metadataNumber } from "../gguf/headerFacts.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { modelShapeSchema } from "../gguf/shapeSchema.ts";
import type { GgufModel } from "../gguf/splitFile.ts";
import type { CachePlan } from "./caches/cachePlan.ts";
import { computeBand } from "./computeBand.ts";
import { memoryModel, modelLayers, type MemoryModel } from "./memoryModel.ts";

/** `shape` as resolveModel found it. Null where the header doesn't even tell layers and widths. */
export function fileMemoryModel(gguf: GgufModel, shape: ModelShape | null): MemoryModel | null {
  const dims = new Map(gguf.tensors.map((tensor) => [tensor.name, tensor.dims]));
  const parameters = hyperparameters(gguf.metadata, (name) => dims.has(name));
  if (parameters === undefined) return null;
  const layers = modelLayers(parameters);
  const near = shape ?? resemblingShape(gguf, parameters, layers.caches, dims);
  if (near === null) return null;
  const files = gguf.files.map(({ tensors }) => tensors);
  return memoryModel(near, files, layers, shape === null ? computeBand(parameters) : null);
}

/** A dense transformer as wide as this one: experts count as often as a token uses them. */
function resemblingShape(
  gguf: GgufModel,
  { architecture, embedding, trunkLayers, heads, kvHeads, feedForward, headSizes }: Hyperparameters,
  caches: CachePlan,
  dims: ReadonlyMap<string, readonly number[]>,
): ModelShape | null {
  const number = (key: string) => metadataNumber(gguf, `${architecture}.${key}`);
  const experts = number("expert_used_count") ?? 0;
  const widest = largest(feedForward);
  const wide = experts * (number("expert_feed_forward_length") ?? widest);
  const parsed = modelShapeSchema.safeParse({
    architecture: "llama",
    n_layers: trunkLayers,
    n_embd: embedding,
    n_ff: Math.max(1, widest, wide),
    n_heads: Math.max(1, largest(heads)),
    n_kv_heads: Math.max(1, largest(kvHeads)),
    // Without attention, as if all were one head.
    head_size: Math.max(headSizes.key, headSizes.value) || embedding,
    n_vocab: dims.get("token_embd.weight")?.[1] ?? number("vocab_size"),
    n_ctx_train: number("context_length"),
    tied_embeddings: !dims.has("output.weight"),
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

function largest(values: readonly number[]): number {
  return Math.max(0, ...values);
}
