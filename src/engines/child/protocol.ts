/**
 * What every child says to the process that started it, one JSON object a line: each request is answered with one `result`
 * or `error`; `phase` and `sample` come in between.
 */
import type { Phase } from "../../bench/phases.ts";

export type ChildMessage<Value = unknown> =
  /** The number of the process that measures, where the one that was started only starts it. */
  | { readonly type: "process"; readonly pid: number }
  /** Announced before it begins. */
  | { readonly type: "phase"; readonly phase: Phase }
  /** One repetition's time, announced as it ends; counts once the request's result came. */
  | { readonly type: "sample"; readonly ns: number }
  | { readonly type: "result"; readonly value: Value }
  | { readonly type: "error"; readonly place: string; readonly message: string };

/**
 * A line that the child writes to its stderr, between the engine's own, before it answers: with it the parent has read all
 * that the engine logged for the request.
 */
export const logMark = "@llmbench:";
