/** Where a header's bytes come from: a file that is open, or the beginning of one that is elsewhere. */
import { readSync } from "node:fs";

export interface HeaderSource {
  /** Of the whole file. */
  readonly fileBytes: number;
  /** Copies up to `length` bytes from offset `start` of the file to `at` in the target; returns how many, 0 at the end. */
  readonly read: (target: Buffer, at: number, length: number, start: number) => number;
}

export function openedFile(fd: number, fileBytes: number): HeaderSource {
  return {
    fileBytes,
    read: (target, at, length, start) => readSync(fd, target, at, length, start),
  };
}

/** The header goes on behind what is known of the file. */
export class HeaderGoesOn extends Error {
  override readonly name = "HeaderGoesOn";
}

/** Reading behind the beginning throws HeaderGoesOn. */
export function beginningOf(beginning: Buffer, fileBytes: number): HeaderSource {
  return {
    fileBytes,
    read: (target, at, length, start) => {
      const copied = beginning.copy(target, at, start, Math.min(start + length, beginning.length));
      if (copied === 0 && start < fileBytes) throw new HeaderGoesOn();
      return copied;
    },
  };
}
