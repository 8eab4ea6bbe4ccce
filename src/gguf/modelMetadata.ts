/** A model shape as GGUF metadata: the keys that llama.cpp reads (src/llama-arch.cpp, v0.4.0). */
import { traitsOf } from "./architectures.ts";
import { ArchitectureEntries } from "./architectureEntries.ts";
import { mixerEntries } from "./mixerEntries.ts";
import { denseWidth, feedForwardOf, headsOf, mixerOf, type ModelShape } from "./modelShape.ts";
import { quantizations } from "./quantizations.ts";
import type { Quantization } from "./quantizations.ts";
import type { Metadata } from "./readMetadata.ts";
import type { MetadataEntry } from "./writeHeader.ts";

/** Layout of quantized blocks (GGML_QNT_VERSION, ggml/include/ggml.h). */
const quantizationVersion = 2;

/** All but the vocabulary. */
export function modelMetadata(
  shape: ModelShape,
  quantization: Quantization,
  name: string,
): MetadataEntry[] {
  const { u32, f32, perLayer } = new ArchitectureEntries(shape.architecture);
  return [
    { key: "general.architecture", type: "string", value: shape.architecture },
    { key: "general.name", type: "string", value: name },
    { key: "general.file_type", type: "u32", value: quantizations[quantization].fileType },
    { key: "general.quantization_version", type: "u32", value: quantizationVersion },
    ...u32("vocab_size", shape.n_vocab),
    ...u32("context_length", shape.n_ctx_train),
    ...u32("embedding_length", shape.n_embd),
    ...u32("block_count", shape.n_layers),
    ...perLayer("feed_forward_length", eachLayer(shape, feedForwardWidth)),
    ...u32("attention.head_count", shape.n_heads),
    ...perLayer("attention.head_count_kv", eachLayer(shape, kvHeads)),
    ...headSizes(shape),
    ...f32("attention.layer_norm_rms_epsilon", shape.norm_epsilon),
    ...f32("rope.freq_base", shape.rope.freq_base),
    ...ropeScaling(shape),
    ...mixture(shape),
    ...slidingWindow(shape),
    ...mixerEntries(shape),
    ...further(shape),
  ];
}

function eachLayer(
  shape: ModelShape,
  value: (shape: ModelShape, layer: number) => number,
): number[] {
  return Array.from({ length: shape.n_layers }, (_, layer) => value(shape, layer));
}

/** None in layers of a model whose layers are one thing alone, which tells them from each other. */
function feedForwardWidth(shape: ModelShape, layer: number): number {
  return feedForwardOf(shape, layer) === null ? 0 : denseWidth(shape, layer);
}

/** None in layers that don't attend, which tells which they are; delta nets are told otherwise. */
function kvHeads(shape: ModelShape, layer: number): number {
  const mixer = mixerOf(shape, layer);
  const told = mixer === "recurrent" && shape.recurrent?.kind === "delta_net";
  const attends = mixer !== null && mixer !== "recurrent";
  return attends || told ? headsOf(shape, layer).kvHeads : 0;
}

/** Of what is cached; with latent attention, that is one vector for all heads, and heads have sizes of their own. */
function headSizes({
  architecture,
  head_size,
  latent,
  rope,
  ...shape
}: ModelShape): MetadataEntry[] {
  const { u32 } = new ArchitectureEntries(architecture);
  const turned = rope.dimensions ?? (latent === undefined ? head_size : 0);
  const window = shape.sliding_window?.head_size;
  return [
    ...u32("attention.key_length", latent === undefined ? head_size : latent.kv_rank + turned),
    ...u32("attention.value_length", latent === undefined ? head_size : latent.kv_rank),
    ...u32("rope.dimension_count", turned),
    ...(window === undefined
      ? []
      : [
          ...u32("attention.key_length_swa", window),
          ...u32("attention.value_length_swa", window),
          ...u32("rope.dimension_count_swa", window),
        ]),
    ...(latent === undefined
      ? []
      : [
          ...u32("attention.key_length_mla", head_size),
          ...u32("attention.value_length_mla", latent.value_size),
        ]),
  ];
}

function ropeScaling({ architecture, rope }: ModelShape): MetadataEntry[] {
  const { u32, f32, text, list } = new ArchitectureEntries(architecture);
  const { scaling, sections, window_freq_base: windowBase } = rope;
  return [
    ...(scaling === undefined
      ? []
      : [
          ...text("rope.scaling.type", scaling.type),
          ...f32("rope.scaling.factor", scaling.factor),
          ...u32("rope.scaling.original_context_length", scaling.original_context),
        ]),
    ...f32("rope.freq_base_swa", windowBase),
    ...(sections === undefined ? [] : list("rope.dimension_sections", [...sections, 0])),
  ];
}

function mixture({ architecture, experts }: ModelShape): MetadataEntry[] {
  if (experts === undefined) return [];
  const { u32, f32, flag } = new ArchitectureEntries(architecture);
  const { count, used, n_ff, shared, leading_dense } = experts;
  const gating = traitsOf(architecture).experts?.gating;
  return [
    ...u32("expert_count", count),
    ...u32("expert_used_count", used),
    ...u32("expert_feed_forward_length", n_ff),
    ...u32("expert_shared_count", shared),
    ...u32("leading_dense_block_count", leading_dense),
    ...(gating === undefined
      ? []
      : [...u32("expert_gating_func", gating), ...flag("expert_weights_norm", true)]),
    ...u32("expert_shared_feed_forward_length", experts.shared_n_ff),
    ...u32("interleave_moe_layer_step", experts.every),
    ...u32("moe_latent_size", experts.latent),
    ...f32("expert_weights_scale", experts.weights_scale),
    ...u32("expert_group_count", experts.groups?.count),
    ...u32("expert_group_used_count", experts.groups?.used),
    ...u32("hash_layer_count", experts.hashed),
    ...f32("swiglu_clamp_exp", experts.clamp),
  ];
}

function slidingWindow(shape: ModelShape): MetadataEntry[] {
  const { architecture, sliding_window, n_layers } = shape;
  if (sliding_window === undefined) return [];
  const { u32, list } = new ArchitectureEntries(architecture);
  const { tokens, period } = sliding_window;
  const windowed = Array.from({ length: n_layers }, (_, layer) =>
    Number((layer + 1) % period !== 0),
  );
  return [
    ...u32("attention.sliding_window", tokens),
    ...(traitsOf(architecture).windowList
      ? list("attention.sliding_window_pattern", windowed)
      : u32("attention.sliding_window_pattern", period)),
  ];
}

function further(shape: ModelShape): MetadataEntry[] {
  const { architecture, scales, logit_softcap, norm_epsilon } = shape;
  const { u32, f32 } = new ArchitectureEntries(architecture);
  const isGemma4 = architecture === "gemma4";
  return [
    ...(traitsOf(architecture).layerNorms ? f32("attention.layer_norm_epsilon", norm_epsilon) : []),
    ...f32("embedding_scale", scales?.embedding),
    ...f32("residual_scale", scales?.residual),
    ...f32("attention.scale", scales?.attention),
    ...f32("logit_scale", scales?.logits),
    ...f32("attention.temperature_scale", scales?.temperature),
    ...f32("final_logit_softcapping", logit_softcap),
    ...(isGemma4 ? u32("attention.shared_kv_layers", shape.shared_kv?.layers ?? 0) : []),
    ...(isGemma4 ? u32("embedding_length_per_layer_input", shape.per_layer_embedding ?? 0) : []),
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
