/** The weights of a group, on disk and unchanged, before it is loaded. */
import { writeSyntheticFile, isMade } from "../models/syntheticFile.ts";
import { flushAndDropCachedPages } from "../models/cachedPages.ts";
import type { Variant } from "../plan/benchCase.ts";
import { changeOfFile } from "../plan/weightsSource.ts";
import type { OnEvent } from "./events.ts";

/** A file is not what it was when the plan was made. */
export class ModelChanged extends Error {
  override readonly name = "ModelChanged";
}

/** @throws {ModelChanged}; LlmbenchError (`output`) where synthetic weights can't be written. */
export async function provideWeights(
  variant: Variant,
  onEvent: OnEvent,
  signal: AbortSignal,
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
  // A file fresh from the writer's hands would load from the page cache, where the next run's comes from the disk.
  await flushAndDropCachedPages(source.path);
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
