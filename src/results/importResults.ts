/** Cases of whatever result file the user names: results of ours, or what another program wrote, told apart by content. */
import { statSync } from "node:fs";
import { isShellPipe } from "../base/foreignFile.ts";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";
import type { KnownModel } from "./importModel.ts";
import { hasOwnKeys, isOwnHeader } from "./ownColumns.ts";
import { readResults, type Detail, type Results } from "./readResults.ts";
import { readHead } from "./readText.ts";
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
  // Four dozen files that know other tools' words are loaded where one of those is to be read.
  const { foreignResults } = await import("./foreignResults.ts");
  return foreignResults(path, knownModels);
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
