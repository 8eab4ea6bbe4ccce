/** A case that ended without a measurement. */
import type { CaseFacts, UnmeasuredRecord } from "../bench/record.ts";
import type { SkipCode } from "../bench/statuses.ts";
import type { Failing } from "../engines/engine.ts";

/** Why: with the status, the code that it is told by. */
export type Ended = Failing | { readonly status: "skipped"; readonly code: SkipCode };

/** @param log the end of the engine's */
export function unmeasured(
  facts: CaseFacts,
  ended: Ended,
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
