/** Synthetic weights on disk: reused where they were made before, else made whole or not at all. */
import { rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../base/makeFolder.ts";
import { formatBytes } from "../base/bytes.ts";
import { lackOfRoom } from "../base/diskRoom.ts";
import { diskReason } from "../base/diskReason.ts";
import { LlmbenchError } from "../errors.ts";
import { readGgufHeader } from "../gguf/readHeader.ts";
import { flushAndDropCachedPages } from "./cachedPages.ts";
import { partPath, removeStaleParts } from "./syntheticParts.ts";
import { planSyntheticFile } from "./syntheticPlan.ts";
import type { SyntheticPlan, SyntheticQuestion } from "./syntheticPlan.ts";
import { syntheticMarkOf } from "./syntheticRecipe.ts";
import { writeSyntheticBytes } from "./syntheticWrite.ts";
import type { WriteOptions } from "./syntheticWrite.ts";

export interface SyntheticFile {
  readonly path: string;
  readonly bytes: number;
  readonly recipeDigest: string;
  /** False where it was written just now. */
  readonly reused: boolean;
}

/**
 * The cached file of this recipe, written if it isn't there. A fresh one is flushed, and its pages are dropped from the
 * system's cache.
 *
 * @throws LlmbenchError (`output`) where there is no space or no permission; the signal's reason where it was aborted.
 */
export async function ensureSyntheticFile(
  question: SyntheticQuestion & WriteOptions,
): Promise<SyntheticFile> {
  const plan = await planSyntheticFile(question);
  if (await isMade(plan.path, plan)) return fileOf(plan, plan.path, true);
  const file = await writeSyntheticFile(plan.path, plan, question);
  try {
    await flushAndDropCachedPages(plan.path);
  } catch (error) {
    await rm(plan.path, { force: true });
    throw inWords(error, plan.path, plan);
  }
  return file;
}

/** Whether the file of this plan is there, whole. */
export async function isMade(path: string, plan: SyntheticPlan): Promise<boolean> {
  try {
    if ((await stat(path)).size !== plan.fileBytes) return false;
    return syntheticMarkOf(readGgufHeader(path))?.digest === plan.digest;
  } catch {
    return false;
  }
}

/**
 * Writes the file under a temporary name beside `path`, then renames it. Two processes may make the same file at once:
 * each renames a whole one.
 *
 * @throws as ensureSyntheticFile does
 */
export async function writeSyntheticFile(
  path: string,
  plan: SyntheticPlan,
  options: WriteOptions = {},
): Promise<SyntheticFile> {
  const folder = dirname(path);
  const part = partPath(path);
  try {
    await makeFolder(folder);
    await removeStaleParts(folder);
    checkSpace(folder, plan.fileBytes);
    await writeSyntheticBytes(part, plan, options);
    const reused = await moveIntoPlace(part, path, plan);
    return fileOf(plan, path, reused);
  } catch (error) {
    // What stopped the write may stop the removal too, and is the one to tell.
    await rm(part, { force: true }).catch(() => {});
    throw inWords(error, path, plan);
  }
}

/** @returns whether another process's file, the same byte for byte, was left in place. */
async function moveIntoPlace(part: string, path: string, plan: SyntheticPlan): Promise<boolean> {
  try {
    await rename(part, path);
    return false;
  } catch (error) {
    // Windows doesn't rename over a file that is mapped: another process made it first and uses it.
    if (!(await isMade(path, plan))) throw error;
    await rm(part, { force: true });
    return true;
  }
}

function fileOf(plan: SyntheticPlan, path: string, reused: boolean): SyntheticFile {
  return { path, bytes: plan.fileBytes, recipeDigest: plan.digest, reused };
}

function checkSpace(folder: string, needed: number): void {
  const lack = lackOfRoom(folder, needed);
  if (lack === null) return;
  throw new LlmbenchError(
    "output",
    `${folder}: synthetic weights need ${lack}; ` +
      "free some space, or set LLMBENCH_CACHE to a folder on another disk",
  );
}

function inWords(error: unknown, path: string, plan: SyntheticPlan): unknown {
  const reason = diskReason(error);
  if (reason === null) return error;
  return new LlmbenchError(
    "output",
    `${path}: could not write ${formatBytes(plan.fileBytes)}: ${reason}; ` +
      "set LLMBENCH_CACHE to another folder, or make room: `models --cached` lists the synthetic weights",
    { cause: error },
  );
}
