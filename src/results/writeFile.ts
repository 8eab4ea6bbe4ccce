/** Files that are whole or not there at all. */
import { stat, writeFile } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import { writeFailure } from "./fileFailure.ts";

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
 * @throws LlmbenchError `output` where the place can't be written; the old file stands then.
 */
export async function writeResultFile(
  path: string,
  text: string | Iterable<string>,
): Promise<void> {
  const pieces = typeof text === "string" ? [text] : text;
  const bytes = Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)));
  try {
    await ((await isSpecial(path)) ? writeFile(path, bytes) : writeFileAtomic(path, bytes));
  } catch (error) {
    throw writeFailure(path, error);
  }
}
