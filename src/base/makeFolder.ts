import { accessSync, constants, existsSync, statSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

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

/** Makes nothing yet. @throws the system's error, where the folder isn't there and can't be made, or can't be written. */
export function checkWritable(folder: string): void {
  const path = resolve(folder);
  const there = nearestExisting(path);
  if (!statSync(there).isDirectory()) {
    const code = there === path ? "EEXIST" : "ENOTDIR";
    throw Object.assign(new Error(`${there} is no folder`), { code });
  }
  accessSync(there, constants.W_OK);
}
