/** Rows of whatever result file the user names: results of ours, or llama-bench's output, told apart by their beginning. */
import { open, readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { LlmbenchError } from "../errors.ts";
import type { CaseRow } from "./caseResult.ts";
import { doubtNotes, toldDoubts } from "./doubts.ts";
import { readFailure } from "./fileFailure.ts";
import { importLlamaBench } from "./importLlamaBench.ts";
import type { KnownModel } from "./importModel.ts";
import { readResults } from "./readResults.ts";
import { resultFiles } from "./resultFiles.ts";

/** A row, with the line that repeats it where its file keeps one. */
export type ImportedRow = CaseRow & { readonly llama_bench?: string | null };

export interface ImportedResults {
  readonly rows: readonly ImportedRow[];
  /** What a reader should know of the file: a torn last line, lines of a later version. */
  readonly notes: readonly string[];
}

/** Enough to see a header behind what a driver logs before it. */
const headBytes = 64 * 2 ** 10;

/** A hundred thousand records of llama-bench's JSON take 150 MB. */
const maxFileBytes = 400 * 2 ** 20;

/**
 * @param knownModels the catalogue's models, to recognise those that llama-bench only describes.
 * @throws LlmbenchError `input` where the path can't be read, or holds no results.
 */
export async function importResults(
  path: string,
  knownModels: readonly KnownModel[],
): Promise<ImportedResults> {
  const head = await headOf(path);
  if (head === null || isOurs(head)) {
    const { cases, notes } = await readResults(path);
    return { rows: cases, notes: [...notes, ...toldDoubts(cases)] };
  }
  const fallbackMachine = basename(path, extname(path)).toLowerCase();
  const rows = importLlamaBench(await textOf(path), path, { fallbackMachine, knownModels });
  if (rows !== null) return { rows, notes: doubtNotes(rows) };
  throw new LlmbenchError(
    "input",
    `${path}: holds no results; expected a run's folder, its ${resultFiles.csv} or ${resultFiles.journal}, ` +
      "or llama-bench's output (csv, json, jsonl, md)",
  );
}

/** All files of ours name the case; llama-bench has no such field. A folder (no head) can only be a run's. */
function isOurs(head: string): boolean {
  return /\bcase_id\b|^\s*\{"type":\s*"run"/.test(head);
}

async function headOf(path: string): Promise<string | null> {
  try {
    if ((await stat(path)).isDirectory()) return null;
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes));
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readFailure(path, error);
  }
}

async function textOf(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > maxFileBytes) {
    const bound = `${maxFileBytes / 2 ** 20} MiB`;
    throw new LlmbenchError(
      "input",
      `${file}: more than ${bound}, larger than any output of llama-bench`,
    );
  }
  return readFile(file, "utf8");
}
