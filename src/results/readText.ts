/** Result files that are read as one text, decoded, and the beginning of any. */
import { open, readFile, stat } from "node:fs/promises";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";
import { decodeText } from "./textEncoding.ts";

/** 100,000 rows take 60 MB as CSV, 250 MB as JSON of ours and 150 MB as llama-bench's. */
const maxTextBytes = 400 * 2 ** 20;

/**
 * @param excess what to say of a larger file.
 * @throws LlmbenchError `input` where the file can't be read or is too large.
 */
export async function readText(path: string, excess: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxTextBytes)
      throw new LlmbenchError("input", `${path}: more than ${maxTextBytes / 2 ** 20} MiB${excess}`);
    return decodeText(await readFile(path));
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** @throws LlmbenchError `input` where the file can't be read. */
export async function readHead(path: string, bytes: number): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readFailure(path, error);
  }
}
