/** Results of ours from wherever they are kept: a run's folder, a journal, a CSV, what `-o` printed. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { z } from "zod";
import { isShellPipe } from "../base/foreignFile.ts";
import { describeIssues } from "../base/schemaIssues.ts";
import type { CaseRecord } from "../bench/record.ts";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";
import type { ForeignRows } from "./foreign/foreignRows.ts";
import { readJournalContents, type WantedOfCase } from "./journalContents.ts";
import type { RunFacts } from "./journalLines.ts";
import { refuseOtherFile } from "./otherFile.ts";
import { holdsHeader, readOwnCsv } from "./ownCsv.ts";
import { maxTextBytes, readHead, readText } from "./readText.ts";
import { madeAt, RecordMaker } from "./recordOf.ts";
import { resultFiles } from "./resultFiles.ts";
import { decodeText } from "./textEncoding.ts";
import { comparedRowSchema, journalRowSchema, reportedRowSchema } from "./row.ts";

export interface Results {
  /** The file that was read. */
  readonly path: string;
  /** Null where the file holds rows alone. */
  readonly run: RunFacts | null;
  readonly cases: readonly CaseRecord[];
  /** Planned cases that have no result yet. */
  readonly missing: number;
  /** What a reader should know of the file. */
  readonly notes: readonly string[];
  /** What was read of another program's file; null of ours. */
  readonly foreign: ForeignRows | null;
}

/**
 * How much is read of what a journal keeps of each case: its figures, the samples of each launch too, or all, which of
 * 100,000 cases takes gigabytes.
 */
const details = {
  figures: { schema: reportedRowSchema, told: "together" },
  samples: { schema: comparedRowSchema, told: "apart" },
  whole: { schema: journalRowSchema, told: "apart" },
} as const satisfies Record<string, WantedOfCase>;
export type Detail = keyof typeof details;

/** Enough to see a header. */
const headBytes = 64 * 2 ** 10;

const lineByLine = "; give the run's folder or its .jsonl";

/** A run's folder stands for its journal. */
async function fileAt(path: string): Promise<string> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    throw readFailure(path, error);
  }
  if (!isFolder) return path;
  const journal = join(path, resultFiles.journal);
  if (existsSync(journal)) return journal;
  throw new LlmbenchError(
    "input",
    `${journal}: no such file, which every run's folder has; name the files in ${path} that hold results`,
  );
}

function fromJournal(path: string, wanted: WantedOfCase): Results {
  const { run, missing, cases, notes } = readJournalContents(path, wanted);
  if (run === null && cases.length === 0)
    throw new LlmbenchError("input", `${path}: holds no results of llmbench`);
  return { path, run, cases, missing, notes, foreign: null };
}

function fromCsv(path: string, { told }: WantedOfCase): Pick<Results, "cases" | "notes"> {
  const { cases, notes } = readOwnCsv(readText(path, maxTextBytes, lineByLine), path, told);
  return { cases, notes: notes.map((note) => `${basename(path)}: ${note}`) };
}

/** Of a file that isn't named so. What a pipe holds can be read once only, and is taken for a journal. */
function isCsv(path: string): boolean {
  return !isShellPipe(path) && holdsHeader(decodeText(readHead(path, headBytes)));
}

function json(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LlmbenchError("input", `${path}: not JSON`, { cause: error });
  }
}

function fromJson(path: string, wanted: WantedOfCase): CaseRecord[] {
  const value = json(readText(path, maxTextBytes, lineByLine), path);
  const schema = z.array(wanted.schema);
  const rows = schema.safeParse(value);
  if (!rows.success) {
    const issue = describeIssues(rows.error, value, schema);
    throw new LlmbenchError("input", `${path}: ${issue}`, { cause: rows.error });
  }
  const maker = new RecordMaker(wanted.told);
  return rows.data.map((row, at) => madeAt(`${path}: [${at}]`, () => maker.of(row)));
}

/**
 * Results of a run's folder, a journal, a results.csv, or what `-o json` and `-o jsonl` print.
 * @throws LlmbenchError `input` where nothing is there, or it isn't ours.
 */
export async function readResults(where: string, detail: Detail = "figures"): Promise<Results> {
  const path = await fileAt(where);
  refuseOtherFile(path);
  const wanted = details[detail];
  const rowsAlone = { path, run: null, missing: 0, notes: [], foreign: null };
  switch (extname(path).toLowerCase()) {
    case ".csv":
      return { ...rowsAlone, ...fromCsv(path, wanted) };
    case ".json":
      return { ...rowsAlone, cases: fromJson(path, wanted) };
    default:
      return isCsv(path) ? { ...rowsAlone, ...fromCsv(path, wanted) } : fromJournal(path, wanted);
  }
}
