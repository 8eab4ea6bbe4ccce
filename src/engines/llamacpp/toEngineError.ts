/** What llama.cpp's log and refusals mean for the row of a case. */
import type { ChildFailure } from "../child/childFailure.ts";
import { engineErrorOf, logTail as tailOf, type EngineWords } from "../child/engineErrors.ts";
import { speaksOfMemory } from "./memoryFailures.ts";

/** Lines that say nothing about a failure: one per metadata key and tensor. */
const chatter = /^(?:llama_model_loader: - |print_info: |create_tensor: |load_tensors: layer)/u;

export const llamaWords: EngineWords = {
  isChatter: (line) => chatter.test(line),
  memoryLine: (log) => log.find((line) => speaksOfMemory([line]))?.trim() ?? null,
  refusal: (failure, place) =>
    place === "support"
      ? { code: "not_supported", message: failure.message }
      : { code: codeAt(place), message: reasonOf(failure) },
};

export function logTail(log: readonly string[]): string[] {
  return tailOf(log, llamaWords);
}

/** @param killedForMemory whether the system says that it ended processes for memory meanwhile */
export function toEngineError(error: unknown, killedForMemory: boolean): unknown {
  return engineErrorOf(error, killedForMemory, llamaWords);
}

function codeAt(place: string): "work_not_done" | "engine_error" {
  return place === "work" || place === "decode" ? "work_not_done" : "engine_error";
}

/** llama.cpp's own words, which name the cause, behind ours, which name the step. */
function reasonOf({ message, log }: ChildFailure): string {
  const cause = log.findLast((line) => /error/iu.test(line));
  return cause === undefined ? message : `${message}: ${cause.trim()}`;
}
