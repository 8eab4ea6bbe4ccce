/** Cases of whatever result file the user names: results of ours, or what another program wrote, told apart by content. */
import { statSync } from "node:fs";
import { basename, extname } from "node:path";
import { isShellPipe } from "../base/foreignFile.ts";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";
import { isDatabase } from "./foreign/containers/database.ts";
import { namelessNote, rowsNote } from "./foreign/foreignRows.ts";
import { importDatabase, importForeign, type ForeignCases } from "./foreign/importForeign.ts";
import { decodeMixed } from "./foreign/mixedEncodings.ts";
import { toolNames } from "./foreign/toolNames.ts";
import type { ImportContext } from "./importCase.ts";
import type { KnownModel } from "./importModel.ts";
import { joinRepeats } from "./repeatedRows.ts";
import { hasOwnKeys, isOwnHeader } from "./ownColumns.ts";
import { refuseOtherFile } from "./otherFile.ts";
import { readResults, type Detail, type Results } from "./readResults.ts";
import { maxTextBytes, readBytes, readHead } from "./readText.ts";
import { resultFiles } from "./resultFiles.ts";
import { decodeText } from "./textEncoding.ts";

/** Enough to see a header behind what a driver logs before it. */
const headBytes = 64 * 2 ** 10;

/**
 * @param knownModels the catalogue's models, to recognise those that other programs only describe.
 * @param detail how much is read of a journal of ours.
 * @throws LlmbenchError `input` where the path can't be read, or holds no results.
 */
export async function importResults(
  path: string,
  knownModels: readonly KnownModel[],
  detail: Detail = "samples",
): Promise<Results> {
  const head = headOf(path);
  if (head === null) return await readUnseen(path, detail);
  if (isOurs(decodeText(head))) return readResults(path, detail);
  const bytes = readBytes(path, maxTextBytes, ", larger than any output of llama-bench");
  const fallbackMachine = basename(path, extname(path)).toLowerCase();
  const found = foreignCases(bytes, path, { fallbackMachine, knownModels });
  if (found !== null) {
    const { cases: told, nameless, ...foreign } = found;
    const file = basename(path);
    const { cases, notes: joined } = joinRepeats(told);
    const notes = [rowsNote(file, foreign), ...joined.map((note) => `${file}: ${note}`)];
    if (nameless > 0) notes.push(namelessNote(file, nameless));
    return { path, run: null, cases, missing: 0, notes, foreign };
  }
  refuseOtherFile(path);
  throw new LlmbenchError("input", `${path}: ${noResults}`);
}

async function readUnseen(path: string, detail: Detail): Promise<Results> {
  try {
    return await readResults(path, detail);
  } catch (error) {
    if (!(error instanceof LlmbenchError) || !isShellPipe(path)) throw error;
    throw new LlmbenchError(
      "input",
      `${error.message}; of a pipe only a run's ${resultFiles.journal} is read: save any other to a file`,
      { cause: error },
    );
  }
}

const noResults =
  `holds no results; expected a run's folder, its ${resultFiles.csv} or ${resultFiles.journal}, ` +
  "or llama-bench's output (csv, json, jsonl, md, sql, its database), or that of " +
  toolNames.slice(1).join(", ");

function foreignCases(bytes: Buffer, path: string, context: ImportContext): ForeignCases | null {
  return isDatabase(bytes)
    ? importDatabase(bytes, path, context)
    : importForeign(decodeMixed(bytes), path, context);
}

/** All files of ours name the case, which no other program has a field for, or lost it. */
function isOurs(head: string): boolean {
  if (/\bcase_id\b|^\s*\{"type":\s*"run"/.test(head)) return true;
  return head.split(/\r\n|[\r\n]/u).some(isOwnHeader) || hasOwnKeys(head);
}

function headOf(path: string): Buffer | null {
  return isOursUnseen(path) ? null : readHead(path, headBytes);
}

/** A folder can only be a run's, and a pipe, which can be read once only, has to be a journal. */
function isOursUnseen(path: string): boolean {
  try {
    return statSync(path).isDirectory() || isShellPipe(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}
