/** What tests ask engines for, where nothing else is said. */
import { warmupAgreement } from "../../src/bench/repetitions.ts";
import { usualContext } from "../../src/bench/settings.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import type { RunRule, Watch } from "../../src/engines/engine.ts";

/** Hears nothing, and stops nothing for a minute. */
export const quietWatch: Watch = {
  onPhase: () => {},
  onSample: () => {},
  timeoutSeconds: 60,
  signal: new AbortController().signal,
};

/** Three repetitions on one thread, warmed up as llama-bench does. */
export const shortRule: RunRule = {
  context: { ...usualContext, nThreads: 1 },
  repetitions: 3,
  warmup: "llama-bench",
  agreement: warmupAgreement,
  delaySeconds: 0,
  seed: 1,
  mostSeconds: 120,
};

export const pp16 = workloadOf({ prompt: 16, generated: 0, depth: 0 });
export const tg4 = workloadOf({ prompt: 0, generated: 4, depth: 0 });
