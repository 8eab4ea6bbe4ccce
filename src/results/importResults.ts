/** Rows of whatever result file the user names: results of ours, or llama-bench's output, told apart by their beginning. */
import { statSync } from "node:fs";
import { basename, extname } from "node:path";
import { LlmbenchError } from "../errors.ts";
import type { CaseRow } from "./caseResult.ts";
import { doubtNotes, toldDoubts } from "./doubts.ts";
import { readFailure } from "./fileFailure.ts";
import { importLlamaBench } from "./importLlamaBench.ts";
import type { KnownModel } from "./importModel.ts";
import { readResults } from "./readResults.ts";
import { maxTextBytes, readHead, readText } from "./readText.ts";
import { resultFiles } from "./resultFiles.ts";
import { decodeText } from "./textEncoding.ts";

/** A row, with the line that repeats it where its file keeps one. */
export type ImportedRow = CaseRow & { readonly llama_bench?: string | null };

export interface ImportedResults {
  readonly rows: readonly ImportedRow[];
  /** What a reader should know of the file: a torn last line, lines of a later version. */
  readonly notes: readonly string[];
}

/** Enough to see a header behind what a driver logs before it. */
const headBytes = 64 * 2 ** 10;

/**
 * @param knownModels the catalogue's models, to recognise those that llama-bench only describes.
 * @throws LlmbenchError `input` where the path can't be read, or holds no results.
 */
export async function importResults(
  path: string,
  knownModels: readonly KnownModel[],
): Promise<ImportedResults> {
  const head = headOf(path);
  if (head === null || isOurs(head)) {
    const { cases, notes } = await readResults(path);
    checkSpeeds(cases, path);
    return { rows: cases, notes: [...notes, ...toldDoubts(cases)] };
  }
  const text = readText(path, maxTextBytes, ", larger than any output of llama-bench");
  const fallbackMachine = basename(path, extname(path)).toLowerCase();
  const rows = importLlamaBench(text, path, { fallbackMachine, knownModels });
  if (rows !== null) return { rows, notes: doubtNotes(rows) };
  throw new LlmbenchError(
    "input",
    `${path}: holds no results; expected a run's folder, its ${resultFiles.csv} or ${resultFiles.journal}, ` +
      "or llama-bench's output (csv, json, jsonl, md)",
  );
}

/** What was measured has a speed: a row without one would pass for a model that isn't on its GPU. */
function checkSpeeds(cases: readonly CaseRow[], path: string): void {
  const at = cases.findIndex(
    ({ status, avg_ts: speed }) => status === "measured" && speed === null,
  );
  if (at === -1) return;
  throw new LlmbenchError(
    "input",
    `${path}: row ${at + 1}: avg_ts: expected a speed where status is measured, got nothing`,
  );
}

/** All files of ours name the case; llama-bench has no such field. A folder (no head) can only be a run's. */
function isOurs(head: string): boolean {
  return /\bcase_id\b|^\s*\{"type":\s*"run"/.test(head);
}

function headOf(path: string): string | null {
  return isFolder(path) ? null : decodeText(readHead(path, headBytes));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw readFailure(path, error);
  }
}
