/** A file's memory model: weights and caches by its header; of an architecture whose graph llmbench doesn't lay out, one that resembles it. */
import { hyperparameters, type Hyperparameters } from "../gguf/hyperparameters.ts";
import { metadataNumber } from "../gguf/headerFacts.ts";
import { modelShapeSchema, type ModelShape } from "../gguf/modelShape.ts";
import type { GgufModel } from "../gguf/splitFile.ts";
import { memoryModel, modelLayers, type MemoryModel } from "./memoryModel.ts";

/** `shape` as resolveModel found it. Null where the header doesn't even tell layers and widths. */
export function fileMemoryModel(gguf: GgufModel, shape: ModelShape | null): MemoryModel | null {
  const dims = new Map(gguf.tensors.map((tensor) => [tensor.name, tensor.dims]));
  const parameters = hyperparameters(gguf.metadata, (name) => dims.has(name));
  if (parameters === undefined) return null;
  const near = shape ?? resemblingShape(gguf, parameters, dims);
  if (near === null) return null;
  const files = gguf.files.map(({ tensors }) => tensors);
  return memoryModel(near, files, modelLayers(parameters), shape !== null);
}

/** A dense transformer as wide as this one: experts count as often as a token uses them. */
function resemblingShape(
  gguf: GgufModel,
  { architecture, embedding, trunkLayers, heads, kvHeads, feedForward, headSizes }: Hyperparameters,
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
    rope: { freq_base: 10_000 },
  });
  return parsed.success ? parsed.data : null;
}

function largest(values: readonly number[]): number {
  return Math.max(0, ...values);
}
