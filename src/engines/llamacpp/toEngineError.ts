/** From the way a request to the child failed to the row that states it. */
import { phaseText } from "../../bench/phases.ts";
import type { FailureCode } from "../../bench/statuses.ts";
import { ChildFailure } from "./childFailure.ts";
import type { FailurePlace } from "./protocol.ts";
import { EngineError, Interrupted } from "../engine.ts";
import { speaksOfMemory } from "./memoryFailures.ts";

/** Lines of the log that a result keeps. */
const tailLines = 12;

/** Lines that say nothing about a failure: one per metadata key and tensor. */
const chatter = /^(?:llama_model_loader: - |print_info: |create_tensor: |load_tensors: layer)/u;

export function logTail(log: readonly string[]): string[] {
  return log.filter((line) => line.trim() !== "" && !chatter.test(line)).slice(-tailLines);
}

/** @param killedForMemory whether the system says that it ended processes for memory meanwhile */
export function toEngineError(error: unknown, killedForMemory: boolean): unknown {
  if (!(error instanceof ChildFailure)) return error;
  const { failure, log, phase } = error;
  const tail = logTail(log);
  const during = phase === null ? "" : ` during ${phaseText(phase)}`;
  const outOfMemory = (message: string) =>
    new EngineError({ status: "does_not_fit", code: "measured_oom" }, message, tail);
  const failed = (code: FailureCode, message: string) =>
    new EngineError({ status: "failed", code }, message, tail);
  switch (failure.kind) {
    case "aborted":
      return new Interrupted("interrupted");
    case "timed out":
    case "hung":
      return failed("timed_out", `${error.message}${during}`);
    case "nonsense":
      return failed("engine_error", `${error.message}${during}`);
    case "crashed":
      if (killedForMemory) return outOfMemory(`ended by the kernel for memory${during}`);
      if (speaksOfMemory(log)) return outOfMemory(`${memoryLine(log)}${during}`);
      return failed("crashed", `${error.message}${during}`);
    case "refused":
      if (failure.place === "support") return new EngineError(notSupported, error.message, tail);
      if (speaksOfMemory(log)) return outOfMemory(`${memoryLine(log)}${during}`);
      return failed(codeAt(failure.place), reasonOf(error, log));
    default:
      return failure satisfies never;
  }
}

const notSupported = { status: "skipped", code: "not_supported" } as const;

function codeAt(place: FailurePlace): "work_not_done" | "engine_error" {
  return place === "work" || place === "decode" ? "work_not_done" : "engine_error";
}

/** llama.cpp's own words, which name the cause, behind ours, which name the step. */
function reasonOf(error: ChildFailure, log: readonly string[]): string {
  const cause = log.findLast((line) => /error/iu.test(line));
  return cause === undefined ? error.message : `${error.message}: ${cause.trim()}`;
}

function memoryLine(log: readonly string[]): string {
  return log.find((line) => speaksOfMemory([line]))?.trim() ?? "out of memory";
}
