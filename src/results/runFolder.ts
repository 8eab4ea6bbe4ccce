/** Whether a run may write into its folder, asked before anything is started: nothing is left there yet. */
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkWritable } from "../base/makeFolder.ts";
import { LlmbenchError } from "../errors.ts";
import { copiedFolder, otherFolder, writeFailure } from "./fileFailure.ts";
import { wholeLinesBytes } from "./journalTail.ts";
import { resultFiles } from "./resultFiles.ts";

/** @throws {LlmbenchError} `output` where the folder holds a run, is none, or can't be written. */
export async function checkNewRunFolder(directory: string): Promise<void> {
  const journal = join(directory, resultFiles.journal);
  try {
    if (existsSync(journal)) {
      if (await holdsRun(journal)) throw holdsARun(directory);
      await openToWrite(journal);
    }
    await checkWritable(directory);
  } catch (error) {
    throw writeFailure(journal, error, otherFolder);
  }
}

/** @throws {LlmbenchError} `output` where nothing can be added to the journal, or no lock be made beside it. */
export async function checkResumedFolder(journal: string): Promise<void> {
  try {
    await openToWrite(journal);
    await checkWritable(dirname(journal));
  } catch (error) {
    throw writeFailure(journal, error, copiedFolder);
  }
}

export function holdsARun(directory: string): LlmbenchError {
  return new LlmbenchError(
    "output",
    `${directory}: holds a run already; go on with --resume ${directory}, or choose another --output-dir`,
  );
}

/** One without a whole line was left before its run began. */
async function holdsRun(journal: string): Promise<boolean> {
  const file = await open(journal, "r");
  try {
    return (await wholeLinesBytes(file, (await file.stat()).size)) > 0;
  } finally {
    await file.close();
  }
}

async function openToWrite(journal: string): Promise<void> {
  await (await open(journal, "r+")).close();
}
