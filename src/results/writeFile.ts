/** Files that are whole or not there at all. */
import { stat, writeFile as writeInPlace } from "node:fs/promises";
import { Readable } from "node:stream";
import { writeFile as replaceFile } from "atomically";
import { writeFailure } from "./fileFailure.ts";

/** How long a virus scanner or an indexer on Windows may hold the file. */
const patienceMs = 1000;

/** A device or a pipe is written to; renaming a file over it would replace it. */
async function isSpecial(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Writes beside `path`, syncs and renames: a reader sees the old text or the new one, whatever dies in between.
 *
 * Written as a stream: given a string, write-file-atomic and atomically take a disk that fills in the middle of it for
 * success, and rename half a file.
 * @param content text or bytes, in pieces where it is large.
 * @param elsewhere how to write to another place.
 * @throws LlmbenchError `output` where the place can't be written; the old file stands then.
 */
export async function writeResultFile(
  path: string,
  content: string | Iterable<string | Uint8Array>,
  elsewhere = "write to another folder",
): Promise<void> {
  const pieces = typeof content === "string" ? [content] : content;
  try {
    if (await isSpecial(path)) await writeInPlace(path, pieces);
    else await replaceFile(path, Readable.from(pieces), { timeout: patienceMs });
  } catch (error) {
    throw writeFailure(path, error, elsewhere);
  }
}
