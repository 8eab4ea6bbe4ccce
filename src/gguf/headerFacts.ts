/** What a header says about the model, in llmbench's words. */
import { elementsOf } from "./ggmlTypes.ts";
import { quantizationByFileType } from "./quantizations.ts";
import type { Quantization } from "./quantizations.ts";
import type { GgufHeader } from "./readHeader.ts";

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
