/** One writer a journal: two would write over each other's lines. Readers need no lock. */
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { takeLock, type Lock } from "../base/lockFile.ts";

function lockJournal(path: string, wayOut: string): Promise<Lock> {
  return takeLock(`${path}.lock`, {
    held: (pid, since) =>
      `${dirname(path)}: another run writes there: process ${pid}, since ${since}; wait for it, or ${wayOut}`,
    otherwise: wayOut,
    elsewhere: wayOut,
  });
}

/**
 * Lets `use` have the journal to itself; gives file and lock back where that fails.
 *
 * @param wayOut where the journal is another's, or the folder takes no lock.
 */
export async function whileLocked<T>(
  path: string,
  file: FileHandle,
  wayOut: string,
  use: (file: FileHandle, lock: Lock) => Promise<T>,
): Promise<T> {
  let lock: Lock | null = null;
  try {
    lock = await lockJournal(path, wayOut);
    return await use(file, lock);
  } catch (error) {
    await file.close();
    lock?.release();
    throw error;
  }
}
