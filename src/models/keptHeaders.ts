/** Headers that were fetched from a hub once, kept in the cache: to plan with them again needs no network. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../base/makeFolder.ts";
import { replaceFile } from "../base/replaceFile.ts";
import { headersFolder } from "../base/cacheFolder.ts";

export interface KeptHeaders {
  /** Fit to be shown. */
  readonly spec: string;
  readonly files: readonly {
    readonly name: string;
    readonly url: string;
    readonly sizeBytes: number;
    readonly header: Buffer;
  }[];
}

const keptSchema = z.strictObject({
  spec: z.string(),
  files: z
    .array(
      z.strictObject({
        name: z.string(),
        url: z.string(),
        sizeBytes: z.number().int(),
        sha256: z.string(),
      }),
    )
    .min(1),
});

/** Addresses may hold a password or a signature, and are not written to disk; those of a hub don't. */
function isKept(spec: string): boolean {
  return /^hf:/i.test(spec);
}

/** Undefined where nothing is kept, or it is not whole. */
export function keptHeaders(spec: string, cacheDir: string): KeptHeaders | undefined {
  if (!isKept(spec)) return undefined;
  try {
    const kept = keptSchema.parse(JSON.parse(readFileSync(pathOf(spec, cacheDir), "utf8")));
    const files = kept.files.map(({ sha256, ...file }, index) => {
      const header = readFileSync(pathOf(spec, cacheDir, index));
      if (digest(header) !== sha256) throw new RangeError("not whole");
      return { ...file, header };
    });
    return { spec: kept.spec, files };
  } catch {
    return undefined;
  }
}

export async function keepHeaders(
  spec: string,
  cacheDir: string,
  { spec: shown, files }: KeptHeaders,
): Promise<void> {
  if (!isKept(spec)) return;
  try {
    await makeFolder(headersFolder(cacheDir));
    for (const [index, { header }] of files.entries()) {
      await replaceFile(pathOf(spec, cacheDir, index), header);
    }
    const described = files.map(({ name, url, sizeBytes, header }) => {
      return { name, url, sizeBytes, sha256: digest(header) };
    });
    await replaceFile(pathOf(spec, cacheDir), JSON.stringify({ spec: shown, files: described }));
  } catch (error) {
    // A cache that can't be written costs the next run a few megabytes, nothing more.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** Of the description, or of a file's header. */
function pathOf(spec: string, cacheDir: string, file?: number): string {
  const name = digest(Buffer.from(spec)).slice(0, 24);
  const ending = file === undefined ? "json" : `${file}.header`;
  return join(headersFolder(cacheDir), `${name}.${ending}`);
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
