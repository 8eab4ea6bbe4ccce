/** Cases of a file that another program wrote, told apart by content. */
import { basename, extname } from "node:path";
import { LlmbenchError } from "../errors.ts";
import { isDatabase } from "./foreign/containers/database.ts";
import { namelessNote, rowsNote } from "./foreign/foreignRows.ts";
import { importDatabase, importForeign, type ForeignCases } from "./foreign/importForeign.ts";
import { decodeMixed } from "./foreign/mixedEncodings.ts";
import { toolNames } from "./foreign/toolNames.ts";
import type { ImportContext } from "./importCase.ts";
import type { KnownModel } from "./importModel.ts";
import { refuseOtherFile } from "./otherFile.ts";
import type { Results } from "./readResults.ts";
import { maxTextBytes, readBytes } from "./readText.ts";
import { joinRepeats } from "./repeatedRows.ts";
import { resultFiles } from "./resultFiles.ts";

/** @throws LlmbenchError `input` where the file can't be read, or holds no results. */
export function foreignResults(path: string, knownModels: readonly KnownModel[]): Results {
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

const noResults =
  `holds no results; expected a run's folder, its ${resultFiles.csv} or ${resultFiles.journal}, ` +
  "or llama-bench's output (csv, json, jsonl, md, sql, its database), or that of " +
  toolNames.slice(1).join(", ");

function foreignCases(bytes: Buffer, path: string, context: ImportContext): ForeignCases | null {
  return isDatabase(bytes)
    ? importDatabase(bytes, path, context)
    : importForeign(decodeMixed(bytes), path, context);
}
