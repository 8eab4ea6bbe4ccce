/** What an engine is watched for while it loads or measures: events for whoever shows them, and when to give it up. */
import type { Phase } from "../bench/phases.ts";
import type { CaseFacts } from "../bench/record.ts";
import { repetitionTokens } from "../bench/workload.ts";
import type { Watch } from "../engines/engine.ts";
import type { OnEvent } from "./events.ts";
import type { RunOptions } from "./runOptions.ts";

/** Whom an engine's events are told to, and how patient they are. */
export interface Watching {
  readonly options: Pick<RunOptions, "timeoutSeconds">;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/** As far as this looks: what is computed, and how fast that is predicted to be. */
type Expected = Pick<CaseFacts, "workload" | "predictedTs">;

/** @param one the case that is measured; null while a model is loaded */
export function watch({ options, signal, onEvent }: Watching, one: Expected | null): Watch {
  let repetition = 0;
  return {
    signal,
    timeoutSeconds: options.timeoutSeconds,
    expectedSeconds: (phase) => (one === null ? null : phaseSeconds(phase, one)),
    onPhase: (phase) => onEvent({ type: "phase", phase }),
    onLog: (line) => onEvent({ type: "log", line }),
    onSample: (ns) => {
      repetition += 1;
      onEvent({ type: "sample", repetition, ns });
    },
  };
}

/** A depth is filled no slower than the case's own tokens are computed. */
function phaseSeconds(phase: Phase, { workload, predictedTs: speed }: Expected): number | null {
  if (speed === null) return null;
  switch (phase.kind) {
    case "fill":
      return (workload.depth * workload.parallel) / speed;
    case "warm_up":
    case "repetition":
      return repetitionTokens(workload) / speed;
    case "load":
    case "context":
    case "rest":
    case "compile":
    case "proof":
    case "logits":
      return null;
    default:
      return phase satisfies never;
  }
}
