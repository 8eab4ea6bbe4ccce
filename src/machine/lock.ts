/** One run at a time: two benchmarks on one machine spoil each other's numbers. */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { processStart, stillRuns } from "../base/processProbe.ts";
import { LlmbenchError } from "../errors.ts";

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** What the system says of when the process began; null where it doesn't tell. */
  process_start: z.string().nullable(),
  started_at: z.iso.datetime(),
});

/** A lock of ours has 200 bytes; anyone may put anything into a folder of temporary files. */
const maxLockBytes = 4096;

/** Between our look at a stale lock and our turn another run may have taken its place. */
const attempts = 5;

export interface MachineLock {
  /** Gives the lock back; once more does nothing. */
  release(): void;
}

/** In the folder for temporary files, which on Linux all users share. */
export function lockPath(): string {
  return join(tmpdir(), "llmbench.lock");
}

/** What is said to the second one who comes. */
export interface LockWords {
  readonly held: (pid: number, since: string) => string;
  /** The way on where no lock can be made. */
  readonly otherwise: string;
}

const runWords: LockWords = {
  held: (pid, since) =>
    `another run is under way on this machine: process ${pid}, since ${since}; ` +
    "wait for it, or run beside it with --no-lock, and both will be slower",
  otherwise: "run with --no-lock",
};

/**
 * Takes the machine's lock, in place of one whose process is gone too. It is given back when the process ends by itself.
 *
 * @throws LlmbenchError `output` where another run holds it, or the file can't be made.
 */
export async function lockMachine(path = lockPath(), words = runWords): Promise<MachineLock> {
  const text = JSON.stringify({
    pid: process.pid,
    process_start: await processStart(process.pid),
    started_at: new Date().toISOString(),
  } satisfies z.infer<typeof holderSchema>);
  const own = uniqueBeside(path);
  try {
    writeFileSync(own, text, { flag: "wx" });
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (tryLink(own, path)) return heldLock(path, text);
      await clearStale(path, words);
    }
    throw new Error("it changes hands all the time");
  } catch (error) {
    if (error instanceof LlmbenchError) throw error;
    const { message } = error as Error;
    throw new LlmbenchError(
      "output",
      `the lock that keeps runs apart can't be taken: ${message}; remove ${path}, or ${words.otherwise}`,
      { cause: error },
    );
  } finally {
    rmSync(own, { force: true });
  }
}

function uniqueBeside(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
}

/** A second name for a file that is written already: nobody ever sees half a lock. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function heldLock(path: string, text: string): MachineLock {
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

/** Null where it is gone meanwhile. */
function readLock(path: string): string | null {
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > maxLockBytes) throw new Error(`it isn't llmbench's`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** @throws LlmbenchError where the lock's holder lives. */
async function clearStale(path: string, words: LockWords): Promise<void> {
  const text = readLock(path);
  if (text === null) return;
  const holder = parseHolder(text);
  if (holder !== null && (await stillRuns(holder.pid, holder.process_start))) {
    throw new LlmbenchError("output", words.held(holder.pid, holder.started_at));
  }
  // Moved aside before it is looked at again: if it is another's by now, it goes back.
  const aside = uniqueBeside(path);
  if (!tryRename(path, aside)) return;
  if (readLock(aside) !== text) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Null for what a crash of the whole system left of one. */
function parseHolder(text: string): z.infer<typeof holderSchema> | null {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
