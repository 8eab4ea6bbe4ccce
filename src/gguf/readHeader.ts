/** Reads the header of a GGUF file: metadata and tensor table, no tensor data (format: ggml/src/gguf.cpp, v0.4.0). */
import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { LlmbenchError } from "../errors.ts";
import { HeaderCursor } from "./headerCursor.ts";
import { headerLimits } from "./headerLimits.ts";
import { MalformedHeader } from "./malformedHeader.ts";
import { openedFile, type HeaderSource } from "./headerSource.ts";
import { magic } from "./metadataTypes.ts";
import { readMetadata } from "./readMetadata.ts";
import type { EntrySpan, Metadata, MetadataArray, Scalar } from "./readMetadata.ts";
import { readTensorInfos } from "./readTensorInfos.ts";
import { alignTo, defaultAlignment } from "./tensorTable.ts";
import type { PlacedTensor } from "./writeHeader.ts";

export interface GgufHeader {
  readonly path: string;
  readonly fileBytes: number;
  readonly version: number;
  readonly metadata: Metadata;
  /** Where each entry of the metadata stands. */
  readonly entrySpans: ReadonlyMap<string, EntrySpan>;
  /** Of the tensor data, in bytes. */
  readonly alignment: number;
  /** In the file's order; offsets count from `dataOffset`. */
  readonly tensors: readonly PlacedTensor[];
  /** Where the tensor data begins, in bytes. */
  readonly dataOffset: number;
}

/** @throws LlmbenchError (`input`) where the file can't be read or is no whole GGUF file. */
export function readGgufHeader(path: string): GgufHeader {
  const fd = openRegularFile(path);
  try {
    return parseGgufHeader(openedFile(fd, fstatSync(fd).size), path);
  } catch (error) {
    throw error instanceof LlmbenchError ? error : unreadable(path, error);
  } finally {
    closeSync(fd);
  }
}

/** `path` is what messages call the file. @throws LlmbenchError (`input`) where it is no whole GGUF file. */
export function parseGgufHeader(source: HeaderSource, path: string): GgufHeader {
  try {
    return parseHeader(source, path);
  } catch (error) {
    if (!(error instanceof MalformedHeader)) throw error;
    throw new LlmbenchError("input", `${path}: not a usable GGUF file: ${error.message}`);
  }
}

function openRegularFile(path: string): number {
  try {
    // Opening a pipe would wait for a writer.
    if (statSync(path).isFile()) return openSync(path, "r");
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new LlmbenchError("input", `${path}: not a file`);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "no permission to read it",
};

function unreadable(path: string, cause: unknown): LlmbenchError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new LlmbenchError("input", `${path}: ${reasons[code ?? ""] ?? message}`, { cause });
}

function parseHeader(source: HeaderSource, path: string): GgufHeader {
  const { fileBytes } = source;
  if (fileBytes === 0) throw new MalformedHeader("it is empty");
  const cursor = new HeaderCursor(source);
  const version = readVersion(cursor);
  const tensorCount = cursor.count(headerLimits.tensors, "tensors");
  const entryCount = cursor.count(headerLimits.entries, "metadata entries");
  const { metadata, spans: entrySpans } = readMetadata(cursor, entryCount);
  const alignment = readAlignment(metadata);
  const tensors = readTensorInfos(cursor, tensorCount, alignment);
  const dataOffset = alignTo(cursor.position, alignment);
  const last = tensors.at(-1);
  const needed = dataOffset + (last ? last.offset + last.bytes : 0);
  if (last && needed > fileBytes) {
    throw new MalformedHeader(
      `its tensors need ${needed} bytes and it has ${fileBytes}; it is truncated, get it again`,
    );
  }
  return { path, fileBytes, version, metadata, entrySpans, alignment, tensors, dataOffset };
}

function readVersion(cursor: HeaderCursor): number {
  if (cursor.u32() !== magic) throw new MalformedHeader("it doesn't begin with GGUF");
  const version = cursor.u32();
  if ((version & 0xff_ff) === 0) throw new MalformedHeader("it is big-endian");
  // Version 1 had 32-bit counts; llama.cpp reads 2 and 3, which differ in nothing that is read here.
  if (version !== 2 && version !== 3) {
    throw new MalformedHeader(`version 2 or 3 expected, got ${version}`);
  }
  return version;
}

function readAlignment(metadata: Metadata): number {
  const alignment = metadata.get("general.alignment") ?? defaultAlignment;
  const isPowerOfTwo = typeof alignment === "number" && Number.isInteger(Math.log2(alignment));
  // 64 KiB is the largest page of any system that llama.cpp runs on; nothing needs more.
  if (!isPowerOfTwo || alignment > 65_536 || alignment < 1) {
    throw new MalformedHeader(
      `general.alignment: a power of two expected, got ${display(alignment)}`,
    );
  }
  return alignment;
}

function display(value: Scalar | MetadataArray): string {
  return typeof value === "object" ? "an array" : String(value).slice(0, 64);
}
