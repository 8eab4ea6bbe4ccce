/** What an engine is watched for while it loads or measures: events for whoever shows them, and when to give it up. */
import type { Watch } from "../engines/engine.ts";
import { tokensPerSecond } from "../results/summarizeCase.ts";
import type { GroupRequest } from "./measureGroup.ts";

/** @param tokens of one repetition */
export function watch({ options, signal, onEvent }: GroupRequest, tokens: number): Watch {
  let repetition = 0;
  return {
    signal,
    timeoutSeconds: options.timeoutSeconds,
    onPhase: (phase) => onEvent({ type: "phase", phase }),
    onSample: (ns) => {
      repetition += 1;
      onEvent({ type: "sample", repetition, tokensPerSecond: tokensPerSecond(ns, tokens) });
    },
  };
}
