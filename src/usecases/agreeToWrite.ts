/** Before a run writes synthetic weights: whether there is room, and whether the user wants as many. */
import { diskReason } from "../base/diskReason.ts";
import { checkWritable } from "../base/makeFolder.ts";
import { LlmbenchError } from "../errors.ts";
import { bytesToWrite } from "../run/bytesToWrite.ts";
import type { PreparedRun } from "../run/prepareRun.ts";
import { askToWrite } from "../ui/askToWrite.ts";

const elsewhere = "set LLMBENCH_CACHE to a folder on another disk";

/** @throws {LlmbenchError} `output` where they can't be written, `usage` where nobody can be asked. */
export async function agreeToWrite(run: PreparedRun, yes: boolean): Promise<boolean> {
  const bytes = bytesToWrite(run);
  if (bytes > 0) await checkCache(run.cacheDir);
  return askToWrite({ bytes, folder: run.cacheDir, elsewhere, yes });
}

async function checkCache(folder: string): Promise<void> {
  try {
    await checkWritable(folder);
  } catch (error) {
    throw new LlmbenchError(
      "output",
      `${folder}: synthetic weights can't be kept there: ${diskReason(error) ?? String(error)}; ${elsewhere}`,
      { cause: error },
    );
  }
}
