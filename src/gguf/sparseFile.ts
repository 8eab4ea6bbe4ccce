/**
 * A GGUF file with a real header and a hole for data. llama.cpp is asked about it (tensor types, buffer sizes) and never
 * timed on it: its weights are zero pages.
 */
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { modelMetadata } from "./modelMetadata.ts";
import type { ModelShape } from "./modelShape.ts";
import type { Quantization } from "./quantizations.ts";
import { tensorTable, unquantizedType } from "./tensorTable.ts";
import type { TensorTypes } from "./tensorTable.ts";
import { encodeHeader, placeTensors } from "./writeHeader.ts";
import type { MetadataEntry } from "./writeHeader.ts";

export interface SparseModel {
  readonly shape: ModelShape;
  readonly quantization: Quantization;
  /** Tensors not named here are as a converter writes them: matrices F16, the rest F32. */
  readonly types?: TensorTypes;
}

/**
 * Writes the file; without a vocabulary, as `llama_model_quantize` needs none and `tokenizer.ggml.model` "none" makes the
 * loader take `vocab_size` dummy tokens.
 */
export function writeSparseFile(path: string, { shape, quantization, types }: SparseModel): void {
  const tensors = placeTensors(
    tensorTable(shape).map((tensor) => ({
      name: tensor.name,
      dims: tensor.dims,
      type: types?.get(tensor.name) ?? unquantizedType(tensor),
    })),
  );
  const noVocabulary: MetadataEntry = {
    key: "tokenizer.ggml.model",
    type: "string",
    value: "none",
  };
  const header = encodeHeader(
    [...modelMetadata(shape, quantization, "sparse"), noVocabulary],
    tensors,
  );
  const last = tensors.at(-1);
  writeWithHole(path, header, header.length + (last ? last.offset + last.bytes : 0));
}

/** @param fileBytes header and hole together */
export function writeWithHole(path: string, header: Uint8Array, fileBytes: number): void {
  const file = openSync(path, "wx");
  try {
    if (process.platform === "win32") markSparse(path);
    writeSync(file, header);
    ftruncateSync(file, fileBytes);
  } finally {
    closeSync(file);
  }
}

/** NTFS allocates what a file is extended by unless the file is marked sparse. */
function markSparse(path: string): void {
  const fsutil = join(
    process.env["SystemRoot"] ?? String.raw`C:\Windows`,
    "System32",
    "fsutil.exe",
  );
  execFileSync(fsutil, ["sparse", "setflag", path], { stdio: "ignore" });
}
