/** Files that are whole or not there at all. */
import { stat, writeFile as writeInPlace } from "node:fs/promises";
import { Readable } from "node:stream";
import { replaceFile } from "../base/replaceFile.ts";
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
 * A reader sees the old text or the new one, whatever dies in between.
 *
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
    else await replaceFile(path, Readable.from(pieces), patienceMs);
  } catch (error) {
    throw writeFailure(path, error, elsewhere);
  }
}
