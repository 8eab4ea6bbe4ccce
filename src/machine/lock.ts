/** One run at a time: two benchmarks on one machine spoil each other's numbers. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeLock, type Lock } from "../base/lockFile.ts";

/** In the folder for temporary files, which on Linux all users share. */
export function lockPath(): string {
  return join(tmpdir(), "llmbench.lock");
}

/** @throws LlmbenchError `output` where another run has the machine, or the file can't be made. */
export async function lockMachine(path = lockPath()): Promise<Lock> {
  return takeLock(path, {
    held: (pid, since) =>
      `another run is under way on this machine: process ${pid}, since ${since}; ` +
      "wait for it, or run beside it with --no-lock, and both will be slower",
    otherwise: "run with --no-lock",
    elsewhere: "set TMPDIR to a folder that can be written, or run with --no-lock",
  });
}
