/** Why a request to the child has no result. */
import type { ChildEnd } from "../../base/lineChild.ts";
import type { Phase } from "../../bench/phases.ts";

export type ChildFailureKind =
  /** The engine refused or failed; the child lives. */
  | { readonly kind: "refused"; readonly place: string }
  /** The child ended: a signal, an abort, an exit. */
  | { readonly kind: "crashed"; readonly end: ChildEnd }
  /** Nothing was heard for the user's `--timeout`, and the child was ended. */
  | { readonly kind: "timed out"; readonly seconds: number }
  /** Nothing was heard, and the child did nothing any more: it was ended. */
  | { readonly kind: "hung"; readonly seconds: number }
  /** A message that isn't one of the protocol's, and the child was ended. */
  | { readonly kind: "nonsense" }
  /** We ended it on the user's wish. */
  | { readonly kind: "aborted" };

export class ChildFailure extends Error {
  override readonly name = "ChildFailure";
  readonly failure: ChildFailureKind;
  /** The last phase that the child announced, null before the first. */
  readonly phase: Phase | null;
  /** The engine's log since the request. */
  readonly log: readonly string[];

  constructor(
    failure: ChildFailureKind,
    message: string,
    phase: Phase | null,
    log: readonly string[],
  ) {
    super(message);
    this.failure = failure;
    this.phase = phase;
    this.log = log;
  }
}

/** What happened, in a line's first words. */
export function failureMessage(failure: ChildFailureKind): string {
  switch (failure.kind) {
    case "refused":
      return "the engine refused the request";
    case "crashed":
      return `the engine's process ended by ${describeEnd(failure.end)}`;
    case "timed out":
      return `nothing was heard from the engine for ${failure.seconds} s`;
    case "hung":
      return `the engine's process hung: nothing was heard for ${failure.seconds} s, and it neither computed nor read`;
    case "nonsense":
      return "the engine's process sent a message that is none of the protocol's";
    case "aborted":
      return "interrupted";
    default:
      return failure satisfies never;
  }
}

/** How a child ended, in words that follow "by". */
export function describeEnd(end: ChildEnd): string {
  switch (end.kind) {
    case "exit":
      return `exit code ${describeExitCode(end.code)}`;
    case "signal":
      return end.signal;
    case "killed":
      return "our own hand";
    case "not started":
      return `failing to start: ${end.message}`;
    default:
      return end satisfies never;
  }
}

/** Windows has no signals: a crash's exit code is its NTSTATUS, known by its hexadecimal form. */
const windowsCrashes: Readonly<Record<number, string>> = {
  0xc0_00_00_05: "access violation",
  0xc0_00_00_fd: "stack overflow",
  0xc0_00_04_09: "abort",
};

function describeExitCode(code: number): string {
  if (code < 0x80_00_00_00) return String(code);
  const name = windowsCrashes[code];
  return `0x${code.toString(16).toUpperCase()}${name === undefined ? "" : ` (${name})`}`;
}
