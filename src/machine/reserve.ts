/** The machine to ourselves, for as long as something is measured: two benchmarks on one machine spoil each other's numbers. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeLock, type Lock } from "../base/lockFile.ts";
import { stayAwake } from "./stayAwake.ts";

/**
 * Keeps other runs off, unless `besideOthers`, and the machine awake.
 *
 * @returns what gives it back.
 * @throws LlmbenchError `output` where another run has it.
 */
export async function reserveMachine(besideOthers: boolean): Promise<() => void> {
  const lock = besideOthers ? null : await lockMachine();
  const sleepAgain = await stayAwake();
  return () => {
    sleepAgain();
    lock?.release();
  };
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

/** In the folder for temporary files, which on Linux all users share. */
export function lockPath(): string {
  return join(tmpdir(), "llmbench.lock");
}
