/** A run's journal, whole: what `--resume` goes on from. */
import { LlmbenchError } from "../errors.ts";
import { readJournalContents, type WantedOfCase } from "./journalContents.ts";
import type { JournalContents } from "./journalContents.ts";
import type { RunLine } from "./journalLines.ts";
import { journalRowSchema } from "./row.ts";
import { readHead } from "./readText.ts";
import { encodingOf } from "./textEncoding.ts";

export interface Journal extends JournalContents {
  readonly run: RunLine;
}

const all: WantedOfCase = { schema: journalRowSchema, told: "apart" };

/** @throws LlmbenchError `input` as `readJournalContents`, where the file is UTF-16, and where the run line is missing. */
export async function readJournal(path: string): Promise<Journal> {
  // What is appended to it is UTF-8, and a tail in another encoding would be cut in the middle of a letter.
  if (encodingOf(readHead(path, 2)) !== "utf-8")
    throw new LlmbenchError(
      "input",
      `${path}: is UTF-16, and a run goes on in UTF-8; save it as that, or start the run anew with --output-dir`,
    );
  const runs: RunLine[] = [];
  const contents = readJournalContents(path, all, (line) => runs.push(line));
  const [run] = runs;
  if (run !== undefined) return { ...contents, run };
  throw new LlmbenchError(
    "input",
    `${path}: holds no run: the first line, which says what was planned, is missing; start it anew with --output-dir`,
  );
}
