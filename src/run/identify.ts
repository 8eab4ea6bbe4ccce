/** Weights that were found on disk, by their hash. */
import { Interrupted } from "../engines/engine.ts";
import { modelSha256 } from "../models/fileDigest.ts";
import type { Variant } from "../plan/variant.ts";
import type { OnEvent } from "./events.ts";
import type { PreparedRun } from "./prepareRun.ts";

interface Identifying {
  readonly run: Pick<PreparedRun, "cacheDir">;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/**
 * Adds the SHA-256 of files that were found to those that are known, by what is opened. A file that can't be read is told
 * of when it is to be loaded.
 * @throws {Interrupted}
 */
export async function identify(
  variant: Variant,
  known: Map<string, string>,
  { run, onEvent, signal }: Identifying,
): Promise<void> {
  const { found, files } = variant.weights;
  if (found === null || known.has(found)) return;
  const onProgress = (bytes: number, total: number) =>
    onEvent({ type: "hashing", variant, bytes, total });
  try {
    const { cacheDir } = run;
    known.set(found, await modelSha256(files, { cacheDir, signal, onProgress }));
  } catch (error) {
    if (signal.aborted) throw new Interrupted("interrupted");
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
