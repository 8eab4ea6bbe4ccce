/** The files of a bundle, made of its journal alone: the same bytes whoever makes them. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { llmbenchVersion } from "../../base/version.ts";
import { LlmbenchError } from "../../errors.ts";
import { columnNames, type ColumnName } from "../../results/columns/columns.ts";
import type { RunFacts } from "../../results/journalLines.ts";
import { readResults, type Results } from "../../results/readResults.ts";
import { resultFiles } from "../../results/resultFiles.ts";
import { writeReports } from "../writeReports.ts";
import { madeFiles } from "./format.ts";
import type { BundledFile } from "./format.ts";

export type Files = ReadonlyMap<BundledFile, Uint8Array>;

/** What the journal says, and what is made of it. */
export interface MadeOfJournal {
  readonly results: Results;
  readonly files: Files;
}

/**
 * @param columns of the CSV.
 * @throws LlmbenchError `input` where the text is no journal.
 */
export async function madeOf(
  journal: Uint8Array,
  columns: readonly ColumnName[] = columnNames,
): Promise<MadeOfJournal> {
  const folder = await mkdtemp(join(tmpdir(), "llmbench-bundle-"));
  try {
    const path = join(folder, resultFiles.journal);
    await writeFile(path, journal);
    const results = await readResults(path, "whole").catch(nameless(folder));
    await writeReports(path, folder, { columns });
    await writeFile(join(folder, "environment.json"), environmentText(results.run));
    const files = new Map<BundledFile, Uint8Array>();
    for (const name of madeFiles) files.set(name, await readFile(join(folder, name)));
    return { results, files };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folder is gone when the user reads of it. */
function nameless(folder: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof LlmbenchError)) throw error;
    const message = error.message.replaceAll(`${folder}${sep}`, "");
    throw new LlmbenchError(error.code, message, { cause: error });
  };
}

/** `llmbench 0.1.0`: another version may lay reports out in another way. */
export const maker = (): string => `llmbench ${llmbenchVersion()}`;

/** Machine, engine and options of the run, for those who read no journals. */
function environmentText(run: RunFacts | null): string {
  return `${JSON.stringify({ made_by: maker(), run }, null, 2)}\n`;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
