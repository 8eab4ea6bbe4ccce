/** A run's journal, whole: what `--resume` goes on from. */
import { LlmbenchError } from "../errors.ts";
import { caseResultSchema } from "./caseResult.ts";
import type { CaseResult } from "./caseResult.ts";
import { readJournalContents } from "./journalContents.ts";
import type { JournalContents } from "./journalContents.ts";
import type { RunLine } from "./journalLines.ts";

export interface Journal extends JournalContents<CaseResult> {
  readonly run: RunLine;
}

/** @throws LlmbenchError `input` as `readJournalContents`, and where the run line is missing. */
export async function readJournal(path: string): Promise<Journal> {
  const runs: RunLine[] = [];
  const contents = readJournalContents(path, caseResultSchema, (line) => runs.push(line));
  const [run] = runs;
  if (run !== undefined) return { ...contents, run };
  throw new LlmbenchError(
    "input",
    `${path}: holds no run: the first line, which says what was planned, is missing; start it anew with --output-dir`,
  );
}
