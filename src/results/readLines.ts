/** Lines of a file that may be large, torn or hostile, in bounded memory. */
import { closeSync, readSync } from "node:fs";
import { openForeign } from "../base/foreignFile.ts";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";
import { utf8Chunks } from "./textEncoding.ts";

/**
 * Longest line that is read. The longest of ours is a run's line with its plan: 100,000 cases of 600 bytes.
 */
const maxLineBytes = 128 * 2 ** 20;

const chunkBytes = 2 ** 20;
const newline = 0x0a;

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Whether a line break follows; only the last line can lack it. */
  readonly terminated: boolean;
}

function tooLong(path: string, number: number): LlmbenchError {
  return new LlmbenchError(
    "input",
    `${path}:${number}: a line of more than ${maxLineBytes / 2 ** 20} MiB is none of llmbench's`,
  );
}

/**
 * Reads into one buffer again and again: streams give each megabyte a buffer of its own, and each line a promise.
 * @throws LlmbenchError `input` where the file can't be read or a line is too long.
 */
export function* readLines(path: string): Generator<Line> {
  let number = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** What is held, and what of a chunk ends it. */
  const take = (chunk: Buffer, start: number, end: number, terminated: boolean): Line => {
    const text =
      held.length === 0
        ? chunk.toString("utf8", start, end)
        : Buffer.concat([...held, chunk.subarray(start, end)]).toString("utf8");
    held = [];
    heldBytes = 0;
    return { number: number++, text, terminated };
  };
  for (const chunk of utf8Chunks(readChunks(path))) {
    let start = 0;
    let end = chunk.indexOf(newline);
    for (; end !== -1; end = chunk.indexOf(newline, start)) {
      yield take(chunk, start, end, true);
      start = end + 1;
    }
    heldBytes += chunk.length - start;
    if (heldBytes > maxLineBytes) throw tooLong(path, number);
    if (start < chunk.length) held.push(Buffer.from(chunk.subarray(start)));
  }
  if (heldBytes > 0) yield take(Buffer.alloc(0), 0, 0, false);
}

/** Each is overwritten by the next. */
function* readChunks(path: string): Generator<Buffer> {
  const buffer = Buffer.alloc(chunkBytes);
  let file: number | null = null;
  try {
    file = openForeign(path, { pipes: true });
    for (;;) {
      const bytes = readSync(file, buffer);
      if (bytes === 0) return;
      yield buffer.subarray(0, bytes);
    }
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    if (file !== null) closeSync(file);
  }
}
