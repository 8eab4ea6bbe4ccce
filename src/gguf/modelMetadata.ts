/** A model shape as GGUF metadata: the keys that llama.cpp reads (src/llama-arch.cpp, v0.4.0). */
import { traitsOf } from "./architectures.ts";
import type { ModelShape } from "./modelShape.ts";
import { quantizations } from "./quantizations.ts";
import type { Quantization } from "./quantizations.ts";
import type { Metadata } from "./readMetadata.ts";
import type { MetadataEntry } from "./writeHeader.ts";

/** Layout of quantized blocks (GGML_QNT_VERSION, ggml/include/ggml.h). */
const quantizationVersion = 2;

const u32 = (key: string, value: number): MetadataEntry => ({ key, type: "u32", value });
const f32 = (key: string, value: number): MetadataEntry => ({ key, type: "f32", value });

/** All but the vocabulary. */
export function modelMetadata(
  shape: ModelShape,
  quantization: Quantization,
  name: string,
): MetadataEntry[] {
  const arch = shape.architecture;
  return [
    { key: "general.architecture", type: "string", value: arch },
    { key: "general.name", type: "string", value: name },
    u32("general.file_type", quantizations[quantization].fileType),
    u32("general.quantization_version", quantizationVersion),
    u32(`${arch}.vocab_size`, shape.n_vocab),
    u32(`${arch}.context_length`, shape.n_ctx_train),
    u32(`${arch}.embedding_length`, shape.n_embd),
    u32(`${arch}.block_count`, shape.n_layers),
    u32(`${arch}.feed_forward_length`, shape.n_ff),
    u32(`${arch}.attention.head_count`, shape.n_heads),
    u32(`${arch}.attention.head_count_kv`, shape.n_kv_heads),
    u32(`${arch}.attention.key_length`, shape.head_size),
    u32(`${arch}.attention.value_length`, shape.head_size),
    u32(`${arch}.rope.dimension_count`, shape.rope.dimensions ?? shape.head_size),
    f32(`${arch}.attention.layer_norm_rms_epsilon`, shape.norm_epsilon),
    f32(`${arch}.rope.freq_base`, shape.rope.freq_base),
    ...ropeScaling(shape),
    ...mixture(shape),
    ...slidingWindow(shape),
  ];
}

function ropeScaling({ architecture, rope: { scaling } }: ModelShape): MetadataEntry[] {
  if (scaling === undefined) return [];
  const key = (name: string) => `${architecture}.rope.scaling.${name}`;
  const { type, factor, original_context: original } = scaling;
  return [
    { key: key("type"), type: "string", value: type },
    f32(key("factor"), factor),
    ...(original === undefined ? [] : [u32(key("original_context_length"), original)]),
  ];
}

function mixture({ architecture, experts }: ModelShape): MetadataEntry[] {
  if (experts === undefined) return [];
  const key = (name: string) => `${architecture}.${name}`;
  const { count, used, n_ff, shared, leading_dense } = experts;
  const gating = traitsOf(architecture).experts?.gating;
  return [
    u32(key("expert_count"), count),
    u32(key("expert_used_count"), used),
    u32(key("expert_feed_forward_length"), n_ff),
    ...(shared === undefined ? [] : [u32(key("expert_shared_count"), shared)]),
    ...(leading_dense === undefined ? [] : [u32(key("leading_dense_block_count"), leading_dense)]),
    ...(gating === undefined
      ? []
      : [
          u32(key("expert_gating_func"), gating),
          { key: key("expert_weights_norm"), type: "bool" as const, value: true },
        ]),
  ];
}

function slidingWindow({ architecture, sliding_window }: ModelShape): MetadataEntry[] {
  if (sliding_window === undefined) return [];
  const { tokens, period } = sliding_window;
  return [
    u32(`${architecture}.attention.sliding_window`, tokens),
    u32(`${architecture}.attention.sliding_window_pattern`, period),
  ];
}

/** A shape's metadata as a reader would find them in its file. */
export function shapeMetadata(shape: ModelShape): Metadata {
  const entries = modelMetadata(shape, "f16", shape.architecture);
  return new Map(
    entries.flatMap((entry) =>
      entry.type === "copied"
        ? []
        : [
            [
              entry.key,
              typeof entry.value === "object"
                ? { length: entry.value.length, values: entry.value }
                : entry.value,
            ] as const,
          ],
    ),
  );
}
