/** Puts a new file in the place of one, whole or not at all, whatever dies in between. */
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";

/**
 * Writes beside `path`, syncs and renames.
 *
 * The library would remove what it wrote beside as soon as a signal comes, and fail then, where the first Ctrl-C only asks
 * to finish: what is left beside is removed here, after a failure and where the process ends meanwhile.
 * @param content of text a stream: given a string, the library takes a disk that fills in the middle of it for success
 * @param timeoutMs how long another program may hold the file
 * @throws a system error where the place can't be written; the old file stands then.
 */
export async function replaceFile(
  path: string,
  content: Readable | string | Uint8Array,
  timeoutMs?: number,
): Promise<void> {
  // Most commands write nothing.
  const { writeFile } = await import("atomically");
  let beside: string | null = null;
  const removeAtExit = () => {
    if (beside !== null) rmSync(beside, { force: true });
  };
  process.once("exit", removeAtExit);
  try {
    await writeFile(path, content, {
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      tmpPurge: false,
      tmpCreated: (file) => {
        beside = file;
      },
    });
  } catch (error) {
    if (beside !== null) await rm(beside, { force: true });
    throw error;
  } finally {
    process.off("exit", removeAtExit);
  }
}
