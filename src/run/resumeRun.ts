/** Goes on with a run that stopped: what its journal holds stands, what is missing is measured. */
import { join } from "node:path";
import { llmbenchVersion } from "../base/version.ts";
import { isMeasured, type CaseRecord } from "../bench/record.ts";
import { LlmbenchError } from "../errors.ts";
import { replan } from "../plan/replan.ts";
import { JournalWriter, type JournalEnd } from "../results/journalWriter.ts";
import { journalBytes } from "../results/journalTail.ts";
import { readJournal, type Journal } from "../results/readJournal.ts";
import { resultFiles } from "../results/resultFiles.ts";
import type { OnEvent } from "./events.ts";
import { executeRun, type Progress, type RunOutcome } from "./executeRun.ts";
import { prepare, type PreparedRun } from "./prepareRun.ts";
import { runOptionsSchema, type RunOptions } from "./runOptions.ts";
import { checkSameEngine, checkSameMachine } from "./sameMachine.ts";

export interface ResumableRun {
  readonly run: PreparedRun;
  readonly runId: string;
  readonly progress: Progress;
  readonly directory: string;
  /** How the journal ended when it was read. */
  readonly end: JournalEnd;
}

/** What a resume may say anew; all else is as the run began. */
export interface ResumeChanges {
  readonly retryFailed: boolean;
  readonly timeoutSeconds: number | null;
}

/**
 * Reads a run's journal and makes its plan again.
 *
 * @throws {LlmbenchError} `input` without a journal; `config` where machine, engine or a model changed since.
 */
export async function prepareResume(
  directory: string,
  changes: ResumeChanges,
): Promise<ResumableRun> {
  const path = join(directory, resultFiles.journal);
  const bytes = await journalBytes(path);
  const journal = await readJournal(path);
  const line = journal.run;
  const options = optionsOf(line.options, path, changes);
  const run = await prepare(options, async (context) => {
    checkSameEngine(line.engine, context.engine, path);
    return replan(line.plan, path, context);
  });
  checkSameMachine(line.machine, run.machine, path);
  const end = { bytes, torn: journal.torn };
  const progress = progressOf(journal, changes);
  return { run, runId: line.run_id, directory, end, progress };
}

/** Measures what is missing. @throws {LlmbenchError} `output` where the journal can't be written. */
export async function resumeRun(
  { run, runId, progress, directory, end }: ResumableRun,
  signal: AbortSignal,
  onEvent: OnEvent,
): Promise<RunOutcome> {
  const journal = await JournalWriter.resume(directory, end);
  if (end.torn) onEvent({ type: "warning", text: tornText(journal.path) });
  try {
    await journal.append({
      type: "resume",
      resumed_at: new Date().toISOString(),
      llmbench_version: llmbenchVersion(),
    });
    onEvent({ type: "started", directory, cases: run.cases.length });
    return await executeRun({ run, runId, journal, signal, onEvent, progress });
  } finally {
    await journal.close();
  }
}

function tornText(path: string): string {
  return `${path}: the last line was torn and is cut off; what it told is measured again`;
}

function optionsOf(stored: unknown, path: string, changes: ResumeChanges): RunOptions {
  const parsed = runOptionsSchema.safeParse(stored);
  if (!parsed.success) {
    throw new LlmbenchError(
      "input",
      `${path}: the run's options are incomplete; start a new run instead of --resume`,
    );
  }
  const { timeoutSeconds } = changes;
  return timeoutSeconds === null ? parsed.data : { ...parsed.data, timeoutSeconds };
}

function progressOf({ cases, launches }: Journal, { retryFailed }: ResumeChanges): Progress {
  const stands = ({ status }: CaseRecord) => !(retryFailed && status === "failed");
  const done = new Map(cases.filter(stands).map((one) => [one.id, one]));
  // A later launch's line holds those before it too.
  const begun = new Map(
    launches.flatMap(({ result }) => (isMeasured(result) ? [[result.id, result]] : [])),
  );
  return { done, launches: begun };
}
