/** Lines of a file that may be large, torn or hostile, in bounded memory. */
import { createReadStream } from "node:fs";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";

/**
 * Longest line that is read. The longest of ours is a run's line with its plan: 100,000 cases of 600 bytes.
 */
export const maxLineBytes = 128 * 2 ** 20;

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

/** @throws LlmbenchError `input` where the file can't be read or a line is too long. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const stream = createReadStream(path, { highWaterMark: chunkBytes });
  let number = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const take = (part: Buffer, terminated: boolean): Line => {
    const text = (held.length === 0 ? part : Buffer.concat([...held, part])).toString("utf8");
    held = [];
    heldBytes = 0;
    return { number: number++, text, terminated };
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let start = 0;
      let end = chunk.indexOf(newline);
      for (; end !== -1; end = chunk.indexOf(newline, start)) {
        yield take(chunk.subarray(start, end), true);
        start = end + 1;
      }
      heldBytes += chunk.length - start;
      if (heldBytes > maxLineBytes) throw tooLong(path, number);
      if (start < chunk.length) held.push(chunk.subarray(start));
    }
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    stream.destroy();
  }
  if (heldBytes > 0) yield take(Buffer.alloc(0), false);
}
