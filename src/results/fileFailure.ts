/** What the file system refuses, in the user's words. */
import { LlmbenchError } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";

/** The way out of most failed writes, of commands that have the flag. */
export const otherFolder = "choose another folder with --output-dir";

/** Where a lock, or a disk, stands in a resume's way. */
export const copiedFolder = "resume a copy of the folder elsewhere";

/** Why the system refuses, with the way out. */
type Causes = Readonly<Record<string, string>>;

/** Those that the user can mend. Any other is thrown on as it came. */
const causes: Causes = {
  EFBIG: "the file system takes no file this large",
  EACCES: "no permission; give yourself the right to read it, or read it as its owner",
  EPERM:
    "not permitted; a program that has the file open, or the folder's owner, stands in the way",
  EBUSY: "another program has the file open; close it there",
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

/** Of writes, which another place may take. */
function writeCauses(elsewhere: string): Causes {
  return {
    ...causes,
    ENOSPC: `no space is left on the disk; free some, or ${elsewhere}`,
    EDQUOT: `the disk quota is used up; free some, or ${elsewhere}`,
    EACCES: `no permission; ${elsewhere}`,
    EROFS: `the file system is read-only; ${elsewhere}`,
    // What is missing is made, where it can be: not in /proc, for one.
    ENOENT: `no folder can be made there; ${elsewhere}`,
  };
}

function failure(error: unknown, code: ErrorCode, what: string, known: Causes): unknown {
  const cause = known[systemCode(error) ?? ""];
  if (cause === undefined) return error;
  return new LlmbenchError(code, `${what}: ${cause}`, { cause: error });
}

/**
 * The error to throw where writing to `path` failed.
 *
 * @param elsewhere how to write to another place.
 */
export function writeFailure(path: string, error: unknown, elsewhere: string): unknown {
  return failure(error, "output", `${path}: can't be written`, writeCauses(elsewhere));
}

/** The error to throw where reading `path` failed. */
export function readFailure(path: string, error: unknown): unknown {
  return failure(error, "input", `${path}: can't be read`, causes);
}
