/** Why a request to the child has no result. */
import type { ChildEnd } from "../base/lineChild.ts";
import type { FailurePlace } from "./protocol.ts";

export type ChildFailureKind =
  /** llama.cpp refused or failed; the child lives. */
  | { readonly kind: "refused"; readonly place: FailurePlace }
  /** The child ended: a signal, an abort, an exit. */
  | { readonly kind: "crashed"; readonly end: ChildEnd }
  /** Nothing was heard for the allowed time, and the child was ended. */
  | { readonly kind: "timed out"; readonly seconds: number }
  /** A message that isn't one of the protocol's, and the child was ended. */
  | { readonly kind: "nonsense" }
  /** We ended it on the user's wish. */
  | { readonly kind: "aborted" };

export class ChildFailure extends Error {
  override readonly name = "ChildFailure";
  readonly failure: ChildFailureKind;
  /** The last phase that the child announced, null before the first. */
  readonly phase: string | null;
  /** llama.cpp's log since the request. */
  readonly log: readonly string[];

  constructor(
    failure: ChildFailureKind,
    message: string,
    phase: string | null,
    log: readonly string[],
  ) {
    super(message);
    this.failure = failure;
    this.phase = phase;
    this.log = log;
  }
}
