/** How a case ended, and why: the codes of the contract. */

export const statuses = ["measured", "does_not_fit", "failed", "skipped"] as const;
export type Status = (typeof statuses)[number];

/** Codes by the status that they give the reason of. */
export const reasonCodes = {
  does_not_fit: ["predicted_oom", "measured_oom"],
  skipped: ["larger_than_misfit", "not_supported", "too_slow", "engine_missing"],
  failed: ["crashed", "timed_out", "engine_error", "work_not_done", "model_changed"],
} as const satisfies Record<Exclude<Status, "measured">, readonly string[]>;

export type OomCode = (typeof reasonCodes.does_not_fit)[number];
export type SkipCode = (typeof reasonCodes.skipped)[number];
export type FailureCode = (typeof reasonCodes.failed)[number];
export type ReasonCode = OomCode | SkipCode | FailureCode;

/** Why there is no measurement. `other` is a later version's code, or somebody else's: its text is the detail. */
export interface Reason<Code extends ReasonCode = ReasonCode> {
  readonly code: Code | "other";
  /** Text for people; empty where there is none. */
  readonly detail: string;
}
