/** What a worker's log and refusals mean for the row of a case. */
import type { EngineWords, Refusal } from "../child/engineErrors.ts";
import type { failurePlaces } from "./protocol.ts";

/** What the C++ library says before it ends a process that catches nothing; allocators' own words come as an error. */
const noMemory = /std::bad_alloc|CUDA out of memory|MPS backend out of memory/u;

const codes: Readonly<Record<(typeof failurePlaces)[number], Refusal["code"]>> = {
  engine: "engine_error",
  slow: "too_slow",
  support: "not_supported",
  memory: "measured_oom",
  work: "work_not_done",
};

export const workerWords: EngineWords = {
  // A traceback's frames say where in the worker it was; the row has what was said.
  isChatter: (line) => /^\s+(?:File |\^|~)/u.test(line),
  memoryLine: (log) => log.find((line) => noMemory.test(line))?.trim() ?? null,
  refusal: ({ message }, place) => ({
    code: codes[place as keyof typeof codes],
    message,
  }),
};
