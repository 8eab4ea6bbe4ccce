/** Makes a bundle: what one person attaches to a claim, and another verifies. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { LlmbenchError } from "../../errors.ts";
import { otherFolder, readFailure } from "../../results/fileFailure.ts";
import { readResults } from "../../results/readResults.ts";
import { resultFiles } from "../../results/resultFiles.ts";
import { writeResultFile } from "../../results/writeFile.ts";
import { makeOutputFolder } from "../writeReports.ts";
import { bundleFile, hashFile, maxUnpackedBytes } from "./format.ts";
import { madeOf, sha256 } from "./madeFiles.ts";
import type { Files } from "./madeFiles.ts";

/** Zip's first day, in local time as the format keeps it: the archive tells nothing of when or where it was made. */
const noTime = new Date(1980, 0, 1);

export interface BundlePlace {
  /** The file to write; null: `bundle.zip`, in `folder`. */
  readonly file: string | null;
  /** Null: beside the journal. */
  readonly folder: string | null;
}

/**
 * Writes the bundle of a run's folder, or of its journal. The same journal gives the same bytes on any machine: the
 * compression is JavaScript, where zlib's output depends on the processor.
 * @returns the path written.
 * @throws LlmbenchError `input` where there is no journal, `output` where the file can't be written.
 */
export async function writeBundle(path: string, { file, folder }: BundlePlace): Promise<string> {
  const { run, path: journalPath } = await readResults(path);
  if (run === null) {
    const way = `give the run's folder or its ${resultFiles.journal}`;
    throw new LlmbenchError("input", `${path}: a bundle is made of a run's journal; ${way}`);
  }
  const journal = await bytesOf(journalPath);
  const all: Files = new Map([[resultFiles.journal, journal], ...(await madeOf(journal)).files]);
  const unpacked = [...all.values()].reduce((sum, { length }) => sum + length, 0);
  if (unpacked > maxUnpackedBytes) {
    const most = `${maxUnpackedBytes / 2 ** 20} MiB`;
    throw new LlmbenchError("input", `${path}: larger than the ${most} that a bundle may hold`);
  }
  const target = file ?? join(folder ?? dirname(journalPath), bundleFile);
  if (folder !== null) await makeOutputFolder(folder);
  await writeResultFile(target, [pack(all)], otherFolder);
  return target;
}

function pack(files: Files): Uint8Array {
  const sums = [...files].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).join("");
  const entries = Object.fromEntries<Uint8Array>([...files, [hashFile, Buffer.from(sums)]]);
  return zipSync(entries, { level: 6, mtime: noTime });
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}
