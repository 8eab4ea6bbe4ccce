/** A model shape as GGUF metadata: the keys that llama.cpp reads (src/llama-arch.cpp, v0.4.0). */
import type { ModelShape } from "./modelShape.ts";
import { quantizations } from "./quantizations.ts";
import type { Quantization } from "./quantizations.ts";
import type { MetadataEntry } from "./writeHeader.ts";

/** Layout of quantized blocks (GGML_QNT_VERSION, ggml/include/ggml.h). */
const quantizationVersion = 2;

const u32 = (key: string, value: number): MetadataEntry => ({ key, type: "u32", value });

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
    u32(`${arch}.rope.dimension_count`, shape.head_size),
    {
      key: `${arch}.attention.layer_norm_rms_epsilon`,
      type: "f32",
      value: shape.norm_epsilon,
    },
    { key: `${arch}.rope.freq_base`, type: "f32", value: shape.rope.freq_base },
  ];
}
