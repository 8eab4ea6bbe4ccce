/** A file that says which process has something to itself. One that a process left which is gone counts for nothing. */
import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { LlmbenchError } from "../errors.ts";
import { diskReason } from "./diskReason.ts";
import { fileOwner } from "./fileOwner.ts";
import { NotALock, ownLockText, parseHolder, readLock } from "./lockText.ts";
import { stillRuns } from "./processProbe.ts";

/** Between our look at a stale lock and our turn another run may have taken its place. */
const attempts = 5;

export interface Lock {
  /** Gives it back; once more does nothing. */
  release(): void;
}

/** What is said to who comes second, or where no lock can be had. */
export interface LockWords {
  readonly held: (pid: number, since: string) => string;
  /** The way on where a lock can't be judged or removed. */
  readonly otherwise: string;
  /** The way on where none can be made: `set TMPDIR to …`. */
  readonly elsewhere: string;
}

/**
 * Takes a lock, in place of one whose process is gone too. It is given back when the process ends by itself.
 *
 * @throws LlmbenchError `output` where another process holds it, or may hold it; else what the system says of a file
 * that can't be made.
 */
export async function takeLock(path: string, words: LockWords): Promise<Lock> {
  const text = await ownLockText();
  const own = uniqueBeside(path);
  try {
    writeLock(own, text, path, words);
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (takePlace(own, path, text)) return heldLock(path, text);
      await clearStale(path, words);
    }
    throw refusal(path, "changes hands all the time", words);
  } finally {
    rmSync(own, { force: true });
  }
}

function refusal(path: string, what: string, words: LockWords, cause?: unknown): LlmbenchError {
  return new LlmbenchError("output", `${path} ${what}; ${words.otherwise}`, { cause });
}

/** For everybody to read, whatever the umask: another user's run asks whose it is. */
const lockMode = 0o644;

function writeLock(path: string, text: string, lock: string, words: LockWords): void {
  try {
    writeFileSync(path, text, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "no such folder" : (diskReason(error) ?? message);
    throw new LlmbenchError(
      "output",
      `${dirname(lock)}: the lock that keeps runs apart can't be made there: ${reason}; ${words.elsewhere}`,
      { cause: error },
    );
  }
  try {
    chmodSync(path, lockMode);
  } catch {
    // Disks for exchange (FAT) have no such rights.
  }
}

function uniqueBeside(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
}

/** False where another lock stands there. */
function takePlace(own: string, path: string, text: string): boolean {
  try {
    // A second name for a file that is written already: nobody ever sees half a lock.
    return ifFree(() => linkSync(own, path));
  } catch {
    // Disks for exchange have no second names. Who took half a lock for a stale one has moved it away by now.
    return ifFree(() => writeFileSync(path, text, { flag: "wx" })) && readLock(path) === text;
  }
}

function ifFree(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function heldLock(path: string, text: string): Lock {
  const release = () => {
    process.off("exit", release);
    try {
      // Someone may have removed ours by hand, and another run have taken its place.
      if (readLock(path) === text) rmSync(path, { force: true });
    } catch {
      // A lock that stays is recognised as stale.
    }
  };
  process.on("exit", release);
  return { release };
}

/** @throws LlmbenchError where the lock's holder lives, or may live. */
async function clearStale(path: string, words: LockWords): Promise<void> {
  const text = readToJudge(path, words);
  if (text === null) return;
  const holder = parseHolder(text);
  if (holder !== null && (await stillRuns(holder.pid, holder.process_start))) {
    throw new LlmbenchError("output", words.held(holder.pid, holder.started_at));
  }
  const aside = uniqueBeside(path);
  if (!moveAway(path, aside, words)) return;
  // If it is another's by now, it goes back.
  const moved = readLock(aside);
  if (moved !== null && moved !== text) takePlace(aside, path, moved);
  rmSync(aside, { force: true });
}

function readToJudge(path: string, words: LockWords): string | null {
  try {
    return readLock(path);
  } catch (error) {
    if (error instanceof NotALock) {
      throw new LlmbenchError(
        "output",
        `${path} stands where llmbench's lock belongs and is something else; remove ${path}, or ${words.otherwise}`,
      );
    }
    const what = `is ${fileOwner(path)}'s lock and can't be read: that run may be under way`;
    throw refusal(path, what, words, error);
  }
}

/** Folders for temporary files let nobody but its owner remove a file. False where it is gone meanwhile. */
function moveAway(path: string, aside: string, words: LockWords): boolean {
  try {
    renameSync(path, aside);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    const owner = fileOwner(path);
    const what = `is a stale lock: its run is gone, and only ${owner} may remove it`;
    throw refusal(path, what, words, error);
  }
}
