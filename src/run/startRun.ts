/** A new run: its folder, its journal's first line, its cases. */
import { JournalWriter } from "../results/journalWriter.ts";
import type { OnEvent } from "./events.ts";
import { executeRun, noProgress, type RunOutcome } from "./executeRun.ts";
import type { PreparedRun } from "./prepareRun.ts";
import { runLine } from "./runLine.ts";

/**
 * Measures all cases of `run` into `directory`.
 *
 * @throws {LlmbenchError} `output` where the folder can't be written or holds a run already.
 */
export async function startRun(
  run: PreparedRun,
  directory: string,
  signal: AbortSignal,
  onEvent: OnEvent,
): Promise<RunOutcome> {
  const journal = await JournalWriter.create(directory);
  try {
    const line = runLine(run, new Date());
    await journal.append(line);
    onEvent({ type: "started", directory, cases: run.cases.length });
    return await executeRun({
      run,
      runId: line.run_id,
      journal,
      signal,
      onEvent,
      progress: noProgress,
    });
  } finally {
    await journal.close();
  }
}
