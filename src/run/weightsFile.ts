/** The weights of a group, on disk and unchanged, before it is loaded. */
import { statSync } from "node:fs";
import { writeSyntheticFile, isMade } from "../models/syntheticFile.ts";
import { flushAndDropCachedPages } from "../models/cachedPages.ts";
import type { Variant } from "../plan/plan.ts";
import type { OnEvent } from "./events.ts";

/** A real file is not what it was when the plan was made. */
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
    for (const { path, bytes } of source.files) checkUnchanged(path, bytes);
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

function checkUnchanged(path: string, bytes: number): void {
  const seen = statSync(path, { throwIfNoEntry: false })?.size;
  if (seen === undefined) throw new ModelChanged(`${path} is gone`);
  if (seen !== bytes) {
    throw new ModelChanged(`${path} had ${bytes} bytes when the run began, and now has ${seen}`);
  }
}
