/** Cases of whatever result file the user names: results of ours, or llama-bench's output, told apart by their beginning. */
import { statSync } from "node:fs";
import { basename, extname } from "node:path";
import { LlmbenchError } from "../errors.ts";
import { readFailure } from "./fileFailure.ts";
import { importLlamaBench } from "./importLlamaBench.ts";
import type { KnownModel } from "./importModel.ts";
import { joinRepeats } from "./repeatedRows.ts";
import { readResults, type Results } from "./readResults.ts";
import { maxTextBytes, readHead, readText } from "./readText.ts";
import { resultFiles } from "./resultFiles.ts";
import { decodeText } from "./textEncoding.ts";

/** Enough to see a header behind what a driver logs before it. */
const headBytes = 64 * 2 ** 10;

/**
 * @param knownModels the catalogue's models, to recognise those that llama-bench only describes.
 * @throws LlmbenchError `input` where the path can't be read, or holds no results.
 */
export async function importResults(
  path: string,
  knownModels: readonly KnownModel[],
): Promise<Results> {
  const head = headOf(path);
  if (head === null || isOurs(head)) return readResults(path, "samples");
  const text = readText(path, maxTextBytes, ", larger than any output of llama-bench");
  const fallbackMachine = basename(path, extname(path)).toLowerCase();
  const told = importLlamaBench(text, path, { fallbackMachine, knownModels });
  if (told !== null) {
    const { cases, notes } = joinRepeats(told);
    const placed = notes.map((note) => `${basename(path)}: ${note}`);
    return { path, run: null, cases, missing: 0, notes: placed };
  }
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
