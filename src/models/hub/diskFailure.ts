import { diskReason } from "../../base/diskReason.ts";
import { LlmbenchError } from "../../errors.ts";

/** A failed write of a download in words; other errors as they are. */
export function diskFailure(path: string, error: unknown): unknown {
  const reason = diskReason(error);
  if (reason === null || error instanceof LlmbenchError) return error;
  return new LlmbenchError(
    "output",
    `${path}: ${reason}; what came so far is kept: free some space or rights and pull again, or set LLMBENCH_CACHE to a folder on another disk`,
    { cause: error },
  );
}
