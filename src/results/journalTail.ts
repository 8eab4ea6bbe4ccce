/** The end of a journal, which a crash can leave in the middle of a line. */
import { stat, type FileHandle } from "node:fs/promises";
import { readFailure } from "./fileFailure.ts";

const blockBytes = 2 ** 16;
const lineBreak = 0x0a;

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.subarray(0, bytesRead);
}

/** Bytes up to and with the last line break; 0 where the file has none. */
export async function wholeLinesBytes(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= blockBytes) {
    const start = Math.max(0, end - blockBytes);
    const found = (await readAt(file, start, end)).lastIndexOf(lineBreak);
    if (found !== -1) return start + found + 1;
  }
  return 0;
}

/** @throws LlmbenchError `input` where there is none. */
export async function journalBytes(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw readFailure(path, error);
  }
}
