/** What an engine is watched for while it loads or measures: events for whoever shows them, and when to give it up. */
import type { Watch } from "../engines/engine.ts";
import type { CaseResult } from "../results/caseResult.ts";
import { tokensPerSecond } from "../results/summarizeCase.ts";
import type { GroupRequest } from "./measureGroup.ts";

/** @param row of the case that is measured; null while a model is loaded */
export function watch(
  { options, signal, onEvent }: Pick<GroupRequest, "options" | "signal" | "onEvent">,
  row: CaseResult | null,
): Watch {
  const tokens = row === null ? 0 : row.n_prompt + row.n_gen;
  let repetition = 0;
  return {
    signal,
    timeoutSeconds: options.timeoutSeconds,
    expectedSeconds: (phase) => (row === null ? null : phaseSeconds(phase, row)),
    onPhase: (phase) => onEvent({ type: "phase", phase }),
    onLog: (line) => onEvent({ type: "log", line }),
    onSample: (ns) => {
      repetition += 1;
      onEvent({ type: "sample", repetition, tokensPerSecond: tokensPerSecond(ns, tokens) });
    },
  };
}

/** A depth is filled no slower than the case's own tokens are computed. */
function phaseSeconds(
  phase: string,
  { predicted_ts, n_prompt, n_gen, n_depth }: CaseResult,
): number | null {
  if (predicted_ts === null) return null;
  if (phase === "fill") return n_depth / predicted_ts;
  return /^(?:warm-up|repetition) /u.test(phase) ? (n_prompt + n_gen) / predicted_ts : null;
}
