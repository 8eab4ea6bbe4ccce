import type { FailurePlace } from "./protocol.ts";

/** A request that llama.cpp refused or failed; the reason is in its log. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";
  readonly place: FailurePlace;

  constructor(place: FailurePlace, message: string) {
    super(message);
    this.place = place;
  }
}
