import { LlmbenchError } from "../../errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "the file system is read-only",
  ENOTDIR: "a file stands where a folder is needed",
  EFBIG: "the file system doesn't take files that large",
};

/** A failed write of a download in words; other errors as they are. */
export function diskFailure(path: string, error: unknown): unknown {
  const reason = reasons[(error as NodeJS.ErrnoException | null)?.code ?? ""];
  if (reason === undefined || error instanceof LlmbenchError) return error;
  return new LlmbenchError(
    "output",
    `${path}: ${reason}; what came so far is kept: free some space or rights and pull again, or set LLMBENCH_CACHE to a folder on another disk`,
    { cause: error },
  );
}
