/** Why a disk or its owner refuses a write, in words; null for other errors. */
export function diskReason(error: unknown): string | null {
  return reasons[(error as NodeJS.ErrnoException | null)?.code ?? ""] ?? null;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "the file system is read-only",
  ENOTDIR: "a file stands where a folder is needed",
  EEXIST: "a file stands where a folder is needed",
  EFBIG: "the file system doesn't take files that large",
};
