/** Real weights by their hash. */
import { Interrupted } from "../engines/engine.ts";
import { modelSha256 } from "../models/fileDigest.ts";
import type { Variant } from "../plan/benchCase.ts";
import type { OnEvent } from "./events.ts";
import type { PreparedRun } from "./prepareRun.ts";

interface Identifying {
  readonly run: Pick<PreparedRun, "cacheDir">;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/**
 * Adds the SHA-256 of a variant's real weights to those that are known, by the path of their first file. A file that can't
 * be read is told of when it is to be loaded.
 * @throws {Interrupted}
 */
export async function identify(
  variant: Variant,
  known: Map<string, string>,
  { run, onEvent, signal }: Identifying,
): Promise<void> {
  const { source } = variant;
  if (source.kind !== "real" || known.has(source.path)) return;
  const paths = source.files.map(({ path }) => path);
  const onProgress = (bytes: number, total: number) =>
    onEvent({ type: "hashing", variant, bytes, total });
  try {
    const { cacheDir } = run;
    known.set(source.path, await modelSha256(paths, { cacheDir, signal, onProgress }));
  } catch (error) {
    if (signal.aborted) throw new Interrupted("interrupted");
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
