/** A case that ended without a measurement. */
import type { CaseFacts, UnmeasuredRecord } from "../bench/record.ts";
import type { Failing } from "../engines/engine.ts";

/**
 * @param ended why: with the status, the code that it is told by
 * @param log the end of the engine's
 */
export function unmeasured(
  facts: CaseFacts,
  ended: Failing,
  detail: string,
  log: readonly string[] = [],
): UnmeasuredRecord {
  switch (ended.status) {
    case "does_not_fit":
      return { ...facts, status: ended.status, reason: { code: ended.code, detail }, log };
    case "failed":
      return { ...facts, status: ended.status, reason: { code: ended.code, detail }, log };
    case "skipped":
      return { ...facts, status: ended.status, reason: { code: ended.code, detail }, log };
    default:
      return ended satisfies never;
  }
}
