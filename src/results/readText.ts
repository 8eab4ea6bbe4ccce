/** Result files that are read as one text, decoded, and the beginning of any. */
import { closeSync, readSync } from "node:fs";
import { openForeign, readForeign } from "../base/foreignFile.ts";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";
import { decodeText } from "./textEncoding.ts";

/** 100,000 rows take 90 MB as CSV, and as llama-bench's JSON. */
export const maxTextBytes = 256 * 2 ** 20;

/**
 * @param excess what to say of a larger file.
 * @throws LlmbenchError `input` where the file can't be read or is too large.
 */
export function readText(path: string, maxBytes: number, excess: string): string {
  return decodeText(readBytes(path, maxBytes, excess));
}

/** The same before it is decoded. */
export function readBytes(path: string, maxBytes: number, excess: string): Buffer {
  const bytes = readWhole(path, maxBytes);
  if (bytes !== null) return bytes;
  throw new LlmbenchError("input", `${path}: more than ${maxBytes / 2 ** 20} MiB${excess}`);
}

function readWhole(path: string, maxBytes: number): Buffer | null {
  try {
    return readForeign(path, maxBytes);
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** @throws LlmbenchError `input` where the file can't be read. */
export function readHead(path: string, bytes: number): Buffer {
  let file: number | null = null;
  try {
    file = openForeign(path);
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(file, buffer));
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    if (file !== null) closeSync(file);
  }
}
