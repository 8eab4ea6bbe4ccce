/** Why llama.cpp doesn't take a file for a model, out of its log: it throws an error and tells it, or asserts and aborts. */
import type { ChildFailure } from "../child/childFailure.ts";
import { speaksOfMemory } from "./memoryFailures.ts";

/** llama_model_load, src/llama.cpp, v0.4.0: the step that it was at stands within. */
const thrown = /error loading model(?: \w+)?: (?!error loading model)(?<reason>.*)$/u;
/** ggml_abort, ggml/src/ggml.c, v0.4.0: the place in the source stands before. */
const asserted = /\.(?:c|cpp|h):\d+: (?<reason>.*)$/u;

/** Null where it isn't the file that is refused: there was no memory for it, or nothing was heard. */
export function whyRefused({ failure, log, message }: ChildFailure): string | null {
  if (speaksOfMemory(log)) return null;
  switch (failure.kind) {
    case "refused":
      return lastMatch(log, thrown);
    case "crashed": {
      const { end } = failure;
      // The system ends with SIGKILL what takes too much.
      const byItself = end.kind === "signal" && end.signal !== "SIGKILL";
      return lastMatch(log, asserted) ?? (byItself ? message : null);
    }
    case "timed out":
    case "hung":
    case "nonsense":
    case "aborted":
      return null;
    default:
      return failure satisfies never;
  }
}

function lastMatch(log: readonly string[], pattern: RegExp): string | null {
  const found = log.findLast((line) => pattern.test(line));
  return found?.match(pattern)?.groups?.["reason"]?.trim() ?? null;
}
