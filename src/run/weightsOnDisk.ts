/** The weights of a group before they are loaded: there, unchanged, and those that were found known by their hash. */
import type { PageCache } from "../bench/weights.ts";
import { Interrupted } from "../engines/engine.ts";
import { dropCachedPages } from "../models/cachedPages.ts";
import { modelSha256 } from "../models/fileDigest.ts";
import type { Variant } from "../plan/variant.ts";
import type { OnEvent } from "./events.ts";
import type { PreparedRun } from "./prepareRun.ts";

interface Hashing {
  readonly run: Pick<PreparedRun, "cacheDir">;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/**
 * Adds the SHA-256 of files that were found to those that are known, by what is opened. A file that can't be read is told
 * of when it is to be loaded.
 * @throws {Interrupted}
 */
export async function hashWeights(
  variant: Variant,
  known: Map<string, string>,
  { run, onEvent, signal }: Hashing,
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

interface Providing {
  /** What was done about the pages of files that this run loads, by what is opened. */
  readonly context: { readonly pageCaches: Map<string, PageCache> };
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/**
 * The first load of a run reads the disk, whoever wrote the file and whenever: pages that another program left in the cache
 * may be small ones, through which a processor reads weights more slowly.
 * @throws as Weights.provide does
 */
export async function provideWeights(variant: Variant, providing: Providing): Promise<void> {
  const { context, onEvent, signal } = providing;
  const { pageCaches } = context;
  const { opened, files } = variant.weights;
  const written = await variant.weights.provide({
    signal,
    onProgress: (bytes, total) => onEvent({ type: "weights", variant, bytes, total }),
  });
  if (opened === null) return;
  if (written !== null) {
    pageCaches.set(opened, written);
    onEvent({ type: "weights made", variant });
  }
  if (files.length === 0 || pageCaches.has(opened)) return;
  pageCaches.set(opened, (await dropCachedPages(files)) ? "dropped" : "unknown");
}
