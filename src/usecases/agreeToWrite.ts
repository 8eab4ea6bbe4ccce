/** Before a run writes synthetic weights: whether there is room, and whether the user wants as many. */
import { bytesToWrite } from "../run/bytesToWrite.ts";
import type { PreparedRun } from "../run/prepareRun.ts";
import { askToWrite } from "../ui/askToWrite.ts";

/** @throws {LlmbenchError} `output` where there is no room, `usage` where nobody can be asked. */
export function agreeToWrite(run: PreparedRun, yes: boolean): Promise<boolean> {
  return askToWrite({
    bytes: bytesToWrite(run),
    folder: run.cacheDir,
    elsewhere: "set LLMBENCH_CACHE to a folder on another disk",
    yes,
  });
}
