/** What a header says about the model, in llmbench's words. */
import { elementsOf } from "./ggmlTypes.ts";
import { modelShapeSchema } from "./modelShape.ts";
import type { ModelShape } from "./modelShape.ts";
import { quantizationByFileType } from "./quantizations.ts";
import type { Quantization } from "./quantizations.ts";
import type { GgufHeader } from "./readHeader.ts";
import { tensorTable } from "./tensorTable.ts";

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
 * The model's shape, if its tensors are exactly those of an architecture that llmbench knows; undefined for mixtures of
 * experts, biases and other variants. A rope scaling shows only as the presence of its tensor: `llama3_scaling` carries
 * Llama 3.1's published values then, which decide neither sizes nor work.
 */
export function shapeOf(header: HeaderFacts): ModelShape | undefined {
  const arch = architectureOf(header);
  const number = (key: string) => metadataNumber(header, `${arch}.${key}`);
  const dims = new Map(header.tensors.map((tensor) => [tensor.name, tensor.dims]));
  const n_embd = number("embedding_length");
  const n_heads = number("attention.head_count");
  const parsed = modelShapeSchema.safeParse({
    architecture: arch,
    n_layers: number("block_count"),
    n_embd,
    n_ff: number("feed_forward_length"),
    n_heads,
    n_kv_heads: number("attention.head_count_kv") ?? n_heads,
    head_size: number("attention.key_length") ?? Number(n_embd) / Number(n_heads),
    n_vocab: dims.get("token_embd.weight")?.[1],
    n_ctx_train: number("context_length"),
    tied_embeddings: !dims.has("output.weight"),
    norm_epsilon: number("attention.layer_norm_rms_epsilon"),
    rope: {
      // llama.cpp's value where a file states none (src/llama-model.cpp, load_hparams).
      freq_base: number("rope.freq_base") ?? 10_000,
      llama3_scaling: dims.has("rope_freqs.weight") ? llama31Scaling : undefined,
    },
  });
  return parsed.success && hasExactly(dims, parsed.data) ? parsed.data : undefined;
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
