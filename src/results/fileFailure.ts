/** What the file system refuses, in the user's words. */
import { LlmbenchError } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";

/** Causes that the user can mend. Any other is thrown on as it came. */
const causes: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the disk; free some, or choose another folder with --output-dir",
  EDQUOT: "the disk quota is used up; free some, or choose another folder with --output-dir",
  EFBIG: "the file system takes no file this large",
  EACCES: "no permission; choose another folder with --output-dir",
  EPERM:
    "not permitted; a program that has the file open, or the folder's owner, stands in the way",
  EBUSY: "another program has the file open; close it there",
  EROFS: "the file system is read-only; choose another folder with --output-dir",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "it is a folder",
  EFTYPE: "it is a pipe or a device; save what it holds to a file",
  EEXIST: "a file stands there, where a folder is needed",
  ENOENT: "no such file or folder",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "its symbolic links lead in a circle",
  EIO: "the disk reports an input/output error",
};

/** `ENOENT` and its like; undefined for errors that the system didn't raise. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

function failure(code: ErrorCode, verb: string, path: string, error: unknown): unknown {
  const cause = causes[systemCode(error) ?? ""];
  if (cause === undefined) return error;
  return new LlmbenchError(code, `${path}: can't be ${verb}: ${cause}`, { cause: error });
}

/** The error to throw where writing to `path` failed. */
export function writeFailure(path: string, error: unknown): unknown {
  return failure("output", "written", path, error);
}

/** The error to throw where reading `path` failed. */
export function readFailure(path: string, error: unknown): unknown {
  return failure("input", "read", path, error);
}
