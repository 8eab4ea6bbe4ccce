/** What stands in the cache: synthetic weights and kept answers, only what llmbench itself made. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readGgufHeader } from "../gguf/readHeader.ts";
import { headersFolder, syntheticFolder, tensorTypesFolder } from "../base/cacheFolder.ts";
import { isPart, removeStaleParts } from "./syntheticParts.ts";
import { syntheticMarkOf } from "./syntheticRecipe.ts";

export interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly model: string;
  readonly quantization: string;
  readonly recipeDigest: string;
  readonly modifiedAt: Date;
}

/** Synthetic files by name. Files that llmbench didn't make are left out. */
export async function listCached(cacheDir: string): Promise<CachedFile[]> {
  const folder = syntheticFolder(cacheDir);
  const names = (await namesIn(folder)).filter((name) => name.endsWith(".gguf"));
  const files = await Promise.all(names.sort().map((name) => describe(join(folder, name))));
  return files.filter((file) => file !== null);
}

async function describe(path: string): Promise<CachedFile | null> {
  try {
    const mark = syntheticMarkOf(readGgufHeader(path));
    if (mark === undefined) return null;
    const { size, mtime } = await stat(path);
    const { model, quantization, digest } = mark;
    return { path, bytes: size, model, quantization, recipeDigest: digest, modifiedAt: mtime };
  } catch {
    return null;
  }
}

/** Removes synthetic weights, leftovers of killed writers, kept answers and headers. */
export async function emptyCache(
  cacheDir: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const cached = await listCached(cacheDir);
  for (const { path } of cached) await rm(path, { force: true });
  const folder = syntheticFolder(cacheDir);
  if ((await namesIn(folder)).some(isPart)) await removeStaleParts(folder);
  const answers = tensorTypesFolder(cacheDir);
  for (const name of await namesIn(answers)) {
    if (/^[0-9a-f]{24}\.json$/.test(name)) await rm(join(answers, name), { force: true });
  }
  const headers = headersFolder(cacheDir);
  for (const name of await namesIn(headers)) {
    if (/^[0-9a-f]{24}\.(?:json|\d+\.header)$/.test(name)) {
      await rm(join(headers, name), { force: true });
    }
  }
  return { files: cached.length, bytes: cached.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
