/** The weights of a group, there and unchanged, before it is loaded. */
import { dropCachedPages } from "../models/cachedPages.ts";
import type { PageCache } from "../bench/weights.ts";
import type { Variant } from "../plan/variant.ts";
import type { OnEvent } from "./events.ts";

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
