/**
 * Temporary names of files that are being written. A name tells its writer's machine and process, so that what a killed
 * process left behind is recognised and removed.
 */
import { createHash, randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

const partName = /\.gguf\.(?<machine>[0-9a-f]{8})-(?<pid>\d+)-[0-9a-f]{8}\.part$/;

/** A writer on another machine, of a shared folder, is given a day of silence. */
const foreignSilenceMs = 24 * 60 * 60 * 1000;

export function partPath(path: string): string {
  return `${path}.${machine}-${process.pid}-${randomBytes(4).toString("hex")}.part`;
}

export function isPart(name: string): boolean {
  return partName.test(name);
}

export async function removeStaleParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isStale(path)) await rm(path, { force: true });
  }
}

async function isStale(path: string): Promise<boolean> {
  const groups = partName.exec(path)?.groups;
  if (groups === undefined) return false;
  if (groups["machine"] === machine) return !isAlive(Number(groups["pid"]));
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > foreignSilenceMs;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Someone else's process: alive, and not ours to signal.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
