/** Whether a new run may write into a folder, asked before anything is started: nothing is made yet. */
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { checkWritable } from "../base/makeFolder.ts";
import { LlmbenchError } from "../errors.ts";
import { otherFolder, writeFailure } from "./fileFailure.ts";
import { wholeLinesBytes } from "./journalTail.ts";
import { resultFiles } from "./resultFiles.ts";

/** @throws {LlmbenchError} `output` where the folder holds a run, is none, or can't be written. */
export async function checkNewRunFolder(directory: string): Promise<void> {
  const journal = join(directory, resultFiles.journal);
  try {
    checkWritable(directory);
    if (!(await holdsRun(journal))) return;
  } catch (error) {
    throw writeFailure(journal, error, otherFolder);
  }
  throw holdsARun(directory);
}

export function holdsARun(directory: string): LlmbenchError {
  return new LlmbenchError(
    "output",
    `${directory}: holds a run already; go on with --resume ${directory}, or choose another --output-dir`,
  );
}

/** One without a whole line was left before its run began. */
async function holdsRun(journal: string): Promise<boolean> {
  if (!existsSync(journal)) return false;
  const file = await open(journal, "r");
  try {
    return (await wholeLinesBytes(file, (await file.stat()).size)) > 0;
  } finally {
    await file.close();
  }
}
