import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Makes a folder and those above it. Node's own recursive mkdir takes a read-only disk for a missing folder. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!(await isFolder(path))) throw error;
  }
}

/** Asked after any refusal: of a folder that is there Windows says EPERM, a read-only disk EROFS. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** The folder itself, or the nearest above it that is there: what a question about its disk can be asked of. */
export function nearestExisting(folder: string): string {
  const parent = dirname(folder);
  return existsSync(folder) || parent === folder ? folder : nearestExisting(parent);
}

/**
 * Tries it, and takes it back: what the system says of rights isn't all that it goes by. A folder that another made
 * something in meanwhile stays.
 * @throws the system's error, where the folder isn't there and can't be made, or takes no file.
 */
export async function checkWritable(folder: string): Promise<void> {
  const path = resolve(folder);
  const missing = missingFolders(path);
  try {
    await makeFolder(path);
    await tryFile(join(path, `.llmbench-${process.pid}-${randomBytes(4).toString("hex")}`));
  } finally {
    for (const made of missing) await rmdir(made).catch(() => {});
  }
}

/** The folder itself and those above it, as far as they aren't there, deepest first. */
function missingFolders(path: string): string[] {
  const parent = dirname(path);
  return existsSync(path) || parent === path ? [] : [path, ...missingFolders(parent)];
}

/** A full disk has names left, and no room. */
const triedBytes = 4096;

async function tryFile(path: string): Promise<void> {
  try {
    await writeFile(path, Buffer.alloc(triedBytes), { flag: "wx" });
  } finally {
    await rm(path, { force: true }).catch(() => {});
  }
}
