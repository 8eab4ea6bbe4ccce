/** Where a header's bytes come from: a file that is open, or the beginning of one that is elsewhere. */
import { readSync } from "node:fs";
import { MalformedHeader } from "./malformedHeader.ts";

export interface HeaderSource {
  /** Of the whole file. */
  readonly fileBytes: number;
  /** Copies up to `length` bytes from offset `start` of the file to `at` in the target; returns how many, 0 where it ends. */
  readonly read: (target: Buffer, at: number, length: number, start: number) => number;
  /** What it means if it ends before the file does. */
  readonly ended: () => Error;
}

export function openedFile(fd: number, fileBytes: number): HeaderSource {
  return {
    fileBytes,
    read: (target, at, length, start) => readSync(fd, target, at, length, start),
    ended: () => new MalformedHeader("it shrank while being read"),
  };
}

/** The header goes on behind what is known of the file. */
export class HeaderGoesOn extends Error {
  override readonly name = "HeaderGoesOn";
}

/** A header that ends behind the beginning throws HeaderGoesOn. */
export function beginningOf(beginning: Buffer, fileBytes: number): HeaderSource {
  return {
    fileBytes,
    read: (target, at, length, start) =>
      start < beginning.length ? beginning.copy(target, at, start, start + length) : 0,
    ended: () => new HeaderGoesOn(),
  };
}
