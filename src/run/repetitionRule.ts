/** How often each launch of a case repeats it. */
import type { RepetitionRule } from "../bench/repetitions.ts";
import type { RunOptions } from "./runOptions.ts";

/**
 * What is asked of the case, as asked of each of its launches: the mean over n launches scatters √n times less than each
 * of their means, so that each need be known √n times less well; and they share the time.
 */
export function repetitionRule(
  {
    repetitions,
    precision,
    maxTimeSeconds,
    sustainSeconds,
  }: Pick<RunOptions, "repetitions" | "precision" | "maxTimeSeconds" | "sustainSeconds">,
  launches: number,
): RepetitionRule {
  if (sustainSeconds !== null) return { sustainSeconds };
  if (repetitions !== "auto") return repetitions;
  return { precision: precision * Math.sqrt(launches), maxSeconds: maxTimeSeconds / launches };
}
