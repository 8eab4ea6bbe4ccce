/** SHA-256 of model files: which weights were measured, as the hub that they came from states it. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { KeptAnswers } from "../base/keptAnswers.ts";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Large enough that the disk is what it waits for. */
const chunkBytes = 1 << 20;

export interface Hashing {
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  /** Bytes of this call so far, and in all; not called for what is kept from before. */
  readonly onProgress: (bytes: number, total: number) => void;
}

/**
 * Of one file its SHA-256 in hexadecimal; of a split model's files, the SHA-256 of their digests, a line each, in order.
 * Kept by path, size and time of change: hashing 40 GB takes a minute.
 *
 * @throws a system error where a file can't be read; the signal's reason.
 */
export async function modelSha256(paths: readonly string[], hashing: Hashing): Promise<string> {
  const kept = new KeptAnswers(join(hashing.cacheDir, "digests"), sha256Schema);
  const files = await Promise.all(paths.map(fileQuestion));
  const digests = new Map(files.map((file) => [file, kept.read(file)]));
  const unknown = files.filter((file) => digests.get(file) === null);
  const total = unknown.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const file of unknown) {
    const begun = before;
    const sha256 = await hashFile(file.path, hashing.signal, (bytes) =>
      hashing.onProgress(begun + bytes, total),
    );
    before += file.bytes;
    digests.set(file, sha256);
    await kept.keep(file, sha256);
  }
  const [first = "", ...others] = digests.values();
  if (others.length === 0) return first ?? "";
  const lines = [...digests.values()].map((digest) => `${digest}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** Keeps what is known of a file already, for modelSha256. */
export async function keepFileSha256(
  path: string,
  sha256: string,
  cacheDir: string,
): Promise<void> {
  const kept = new KeptAnswers(join(cacheDir, "digests"), sha256Schema);
  await kept.keep(await fileQuestion(path), sha256);
}

/** What makes a kept digest this file's. */
async function fileQuestion(
  path: string,
): Promise<{ path: string; bytes: number; mtimeMs: number }> {
  const { size, mtimeMs } = await stat(path);
  return { path, bytes: size, mtimeMs };
}

async function hashFile(
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(
    createReadStream(path, { highWaterMark: chunkBytes }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        onBytes((bytes += chunk.length));
      }
    },
    { signal },
  );
  return hash.digest("hex");
}
