/** A file's memory model; of an architecture that llmbench doesn't know tensor by tensor, one that resembles it. */
import { architectureOf, metadataNumber } from "../gguf/headerFacts.ts";
import { modelShapeSchema, type ModelShape } from "../gguf/modelShape.ts";
import type { GgufModel } from "../gguf/splitFile.ts";
import { memoryModel, type MemoryModel } from "./memoryModel.ts";

/** `shape` as resolveModel found it. Null where the header doesn't even tell layers and widths. */
export function fileMemoryModel(gguf: GgufModel, shape: ModelShape | null): MemoryModel | null {
  const near = shape ?? resemblingShape(gguf);
  if (near === null) return null;
  return memoryModel(
    near,
    shape !== null,
    gguf.files.map(({ tensors }) => tensors),
  );
}

/** A dense transformer as wide as this one: experts count as often as a token uses them. */
function resemblingShape(gguf: GgufModel): ModelShape | null {
  const arch = architectureOf(gguf);
  const number = (key: string) => largest(gguf, `${arch}.${key}`);
  const names = new Map(gguf.tensors.map(({ name, dims }) => [name, dims]));
  const n_embd = number("embedding_length");
  const n_heads = number("attention.head_count");
  const experts = number("expert_used_count") ?? 0;
  const wide =
    experts * (number("expert_feed_forward_length") ?? number("feed_forward_length") ?? 0);
  const parsed = modelShapeSchema.safeParse({
    architecture: "llama",
    n_layers: (number("block_count") ?? 0) - (number("nextn_predict_layers") ?? 0),
    n_embd,
    n_ff: Math.max(number("feed_forward_length") ?? 0, wide),
    n_heads,
    n_kv_heads: number("attention.head_count_kv") ?? n_heads,
    head_size: number("attention.key_length") ?? Number(n_embd) / Number(n_heads),
    n_vocab: names.get("token_embd.weight")?.[1],
    n_ctx_train: number("context_length"),
    tied_embeddings: !names.has("output.weight"),
    norm_epsilon: 1e-5,
    rope: { freq_base: 10_000 },
  });
  return parsed.success ? parsed.data : null;
}

/** Where a value differs from layer to layer, the largest. */
function largest(gguf: GgufModel, key: string): number | undefined {
  const value = gguf.metadata.get(key);
  if (typeof value !== "object") return metadataNumber(gguf, key);
  const numbers = value.values?.filter((one) => typeof one === "number") ?? [];
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}
