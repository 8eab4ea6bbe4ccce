/** The weights of a group, on disk and unchanged, before it is loaded. */
import { writeSyntheticFile, isMade } from "../models/syntheticFile.ts";
import { dropCachedPages, flushAndDropCachedPages } from "../models/cachedPages.ts";
import type { PageCache } from "../bench/weights.ts";
import type { Variant } from "../plan/benchCase.ts";
import { changeOfFile } from "../plan/weightsSource.ts";
import type { OnEvent } from "./events.ts";

/** A file is not what it was when the plan was made. */
export class ModelChanged extends Error {
  override readonly name = "ModelChanged";
}

interface Providing {
  /** What was done about the pages of files that this run loads, by the path of the first. */
  readonly context: { readonly pageCaches: Map<string, PageCache> };
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/**
 * The first load of a run reads the disk, whoever wrote the file and whenever: pages that another program left in the cache
 * may be small ones, through which a processor reads weights more slowly.
 * @throws {ModelChanged}; {LlmbenchError} `output` where synthetic weights can't be written.
 */
export async function provideWeights(variant: Variant, providing: Providing): Promise<void> {
  const { pageCaches } = providing.context;
  const { source } = variant;
  await provideFile(variant, providing);
  if (pageCaches.has(source.path)) return;
  const paths = source.kind === "real" ? source.files.map(({ path }) => path) : [source.path];
  pageCaches.set(source.path, toldOf(await dropCachedPages(paths)));
}

function toldOf(dropped: boolean): PageCache {
  return dropped ? "dropped" : "unknown";
}

async function provideFile(
  variant: Variant,
  { context, onEvent, signal }: Providing,
): Promise<void> {
  const { source } = variant;
  if (source.kind === "real") {
    const change = await changeOf(variant);
    if (change !== null) throw new ModelChanged(change);
    return;
  }
  if (await isMade(source.path, source.plan)) return;
  await writeSyntheticFile(source.path, source.plan, {
    signal,
    onProgress: (bytes, total) => onEvent({ type: "weights", variant, bytes, total }),
  });
  // Pages that aren't on the disk yet can't be dropped, and writing them back would disturb what is measured.
  const dropped = await flushAndDropCachedPages(source.path);
  context.pageCaches.set(source.path, toldOf(dropped));
  onEvent({ type: "weights made", variant });
}

/** What became of the weights since they were planned or made; null where they are as they were. */
export async function changeOf({ source }: Variant): Promise<string | null> {
  if (source.kind === "synthetic") {
    return (await isMade(source.path, source.plan))
      ? null
      : `${source.path} is gone or was changed`;
  }
  return source.files.map(changeOfFile).find((change) => change !== null) ?? null;
}
