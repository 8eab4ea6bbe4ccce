/** What a header says about the model, in llmbench's words. */
import { isArchitecture, traitsOf } from "./architectures.ts";
import { elementsOf } from "./ggmlTypes.ts";
import { modelShapeSchema } from "./modelShape.ts";
import type { ModelShape } from "./modelShape.ts";
import { quantizationByFileType } from "./quantizations.ts";
import type { Quantization } from "./quantizations.ts";
import type { GgufHeader } from "./readHeader.ts";
import { layerOf, tensorTable } from "./tensorTable.ts";

/** Metadata and tensors: of one file, or of a split model's files together. */
export type HeaderFacts = Pick<GgufHeader, "metadata" | "tensors">;

export function metadataText({ metadata }: HeaderFacts, key: string): string | undefined {
  const value = metadata.get(key);
  return typeof value === "string" ? value : undefined;
}

export function metadataNumber({ metadata }: HeaderFacts, key: string): number | undefined {
  const value = metadata.get(key);
  return typeof value === "number" ? value : undefined;
}

export function architectureOf(header: HeaderFacts): string | undefined {
  return metadataText(header, "general.architecture");
}

/** undefined where the file states none, or one that llmbench has no name for. */
export function quantizationOf(header: HeaderFacts): Quantization | undefined {
  const fileType = metadataNumber(header, "general.file_type");
  return fileType === undefined ? undefined : quantizationByFileType(fileType);
}

export function parameterCountOf({ tensors }: HeaderFacts): number {
  return tensors.reduce((sum, { dims }) => sum + elementsOf(dims), 0);
}

/** Bytes of tensor data without the padding between tensors, as llama.cpp's "model size" counts. */
export function tensorBytesOf({ tensors }: HeaderFacts): number {
  return tensors.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * The model's shape, if its tensors are exactly those of an architecture that llmbench knows; undefined for variants of
 * these and all others. Layers that only predict further tokens, behind the last one, are left out, as llama.cpp leaves
 * them. A rope scaling of Llama 3.1 shows only as the presence of its tensor: `llama3_scaling` carries its published
 * values then, which decide neither sizes nor work.
 */
export function shapeOf(header: HeaderFacts): ModelShape | undefined {
  const arch = architectureOf(header);
  const number = (key: string) => metadataNumber(header, `${arch}.${key}`);
  const n_layers = (number("block_count") ?? 0) - (number("nextn_predict_layers") ?? 0);
  const dims = new Map(
    header.tensors
      .filter(({ name }) => layerOf(name) < n_layers)
      .map((tensor) => [tensor.name, tensor.dims]),
  );
  const n_embd = number("embedding_length");
  const n_heads = number("attention.head_count");
  const headSize = number("attention.key_length") ?? Number(n_embd) / Number(n_heads);
  const turned = number("rope.dimension_count");
  const parsed = modelShapeSchema.safeParse({
    architecture: arch,
    n_layers,
    n_embd,
    n_ff: number("feed_forward_length") ?? number("expert_feed_forward_length"),
    n_heads,
    n_kv_heads: number("attention.head_count_kv") ?? n_heads,
    head_size: headSize,
    n_vocab: dims.get("token_embd.weight")?.[1],
    n_ctx_train: number("context_length"),
    tied_embeddings: !dims.has("output.weight"),
    norm_epsilon: number("attention.layer_norm_rms_epsilon"),
    experts: expertsOf(header),
    sliding_window: windowOf(header),
    rope: {
      // llama.cpp's value where a file states none (src/llama-model.cpp, load_hparams).
      freq_base: number("rope.freq_base") ?? 10_000,
      dimensions: turned === headSize ? undefined : turned,
      llama3_scaling: dims.has("rope_freqs.weight") ? llama31Scaling : undefined,
    },
  });
  return parsed.success && hasExactly(dims, parsed.data) ? parsed.data : undefined;
}

/** Of a mixture of experts: undefined for dense models and headers that don't tell. */
function expertsOf(header: HeaderFacts): ModelShape["experts"] {
  const arch = architectureOf(header);
  const number = (key: string) => metadataNumber(header, `${arch}.${key}`) || undefined;
  const count = number("expert_count");
  const used = number("expert_used_count");
  const n_ff = number("expert_feed_forward_length") ?? number("feed_forward_length");
  if (count === undefined || used === undefined || n_ff === undefined) return undefined;
  return {
    count,
    used,
    n_ff,
    shared: number("expert_shared_count"),
    leading_dense: number("leading_dense_block_count"),
  };
}

function windowOf(header: HeaderFacts): ModelShape["sliding_window"] {
  const arch = architectureOf(header) ?? "";
  const number = (key: string) => metadataNumber(header, `${arch}.attention.${key}`) || undefined;
  const tokens = number("sliding_window");
  const usual = isArchitecture(arch) ? traitsOf(arch).windowPeriod : undefined;
  if (tokens === undefined || usual === undefined) return undefined;
  return { tokens, period: number("sliding_window_pattern") ?? usual };
}

/** Rope scaling of Llama 3.1 (config.json of the published models). */
const llama31Scaling = {
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_context: 8192,
} as const;

function hasExactly(dims: ReadonlyMap<string, readonly number[]>, shape: ModelShape): boolean {
  // A header may claim millions of layers; the table of so many is not worth making.
  if (shape.n_layers > dims.size) return false;
  const table = tensorTable(shape);
  return (
    table.length === dims.size &&
    table.every((tensor) => dims.get(tensor.name)?.join() === tensor.dims.join())
  );
}
