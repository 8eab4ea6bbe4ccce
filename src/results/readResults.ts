/** Results of ours from wherever they are kept: a run's folder, a journal, a CSV, what `-o` printed. */
import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { z } from "zod";
import { describeIssues } from "../base/schemaIssues.ts";
import { LlmbenchError } from "../errors.ts";
import { caseResultSchema, reportedCaseSchema } from "./caseResult.ts";
import type { CaseResult, CaseRow, ReportedCase } from "./caseResult.ts";
import type { CaseSchema } from "./caseReader.ts";
import { readCsv } from "./readCsv.ts";
import { doubtNotes } from "./doubts.ts";
import { readFailure } from "./fileFailure.ts";
import { readJournalContents } from "./journalContents.ts";
import type { RunFacts } from "./journalLines.ts";
import { maxTextBytes, readText } from "./readText.ts";
import { resultFiles } from "./resultFiles.ts";

export interface Results<Case = ReportedCase> {
  /** The file that was read. */
  readonly path: string;
  /** Null where the file holds rows alone. */
  readonly run: RunFacts | null;
  readonly cases: readonly Case[];
  /** Planned cases that have no result yet. */
  readonly missing: number;
  /** What a reader should know of the file. */
  readonly notes: readonly string[];
}

const lineByLine = "; give the run's folder or its .jsonl";

/** A run's folder stands for its journal. */
async function fileAt(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? join(path, resultFiles.journal) : path;
  } catch (error) {
    throw readFailure(path, error);
  }
}

async function fromJournal<Case extends { case_id: string }>(
  path: string,
  schema: CaseSchema<Case>,
): Promise<Results<Case>> {
  const { run, planned, cases, notes } = readJournalContents(path, schema);
  if (run === null && cases.length === 0)
    throw new LlmbenchError("input", `${path}: holds no results of llmbench`);
  const known = new Set(cases.map(({ case_id: id }) => id));
  const missing = planned.filter((id) => !known.has(id)).length;
  return { path, run, cases, missing, notes };
}

function json(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LlmbenchError("input", `${path}: not JSON`, { cause: error });
  }
}

function fromJson<Case>(path: string, caseSchema: z.ZodType<Case>): Case[] {
  const value = json(readText(path, maxTextBytes, lineByLine), path);
  const schema = z.array(caseSchema);
  const cases = schema.safeParse(value);
  if (cases.success) return cases.data;
  const issue = describeIssues(cases.error, value, schema);
  throw new LlmbenchError("input", `${path}: ${issue}`, { cause: cases.error });
}

async function read<Case extends { case_id: string }>(
  where: string,
  schema: CaseSchema<Case>,
): Promise<Results<Case>> {
  const path = await fileAt(where);
  const rowsAlone = { path, run: null, missing: 0, notes: [] };
  switch (extname(path).toLowerCase()) {
    case ".csv":
      return {
        ...rowsAlone,
        cases: readCsv(readText(path, maxTextBytes, lineByLine), path, schema),
      };
    case ".json":
      return { ...rowsAlone, cases: fromJson(path, schema) };
    default:
      return fromJournal(path, schema);
  }
}

/**
 * Results of a run's folder, a journal, a results.csv, or what `-o json` and `-o jsonl` print.
 * @throws LlmbenchError `input` where nothing is there, or it isn't ours.
 */
export async function readResults(path: string): Promise<Results> {
  return withDoubtNotes(await read(path, reportedCaseSchema));
}

/** The same with all that the journal keeps of a case; in a CSV that is empty. */
export async function readWholeResults(path: string): Promise<Results<CaseResult>> {
  return withDoubtNotes(await read(path, caseResultSchema));
}

/** Rows of a run were judged when they were measured. */
function withDoubtNotes<Case extends CaseRow>(results: Results<Case>): Results<Case> {
  if (results.run !== null) return results;
  return { ...results, notes: [...results.notes, ...doubtNotes(results.cases)] };
}
