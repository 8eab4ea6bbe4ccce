/** How often each launch of a case repeats it, and when it is warm. */
import { autoLaunches, warmupAgreement, type RepetitionRule } from "../bench/repetitions.ts";
import type { Scatter } from "../statistics/pooledScatter.ts";
import { normal95, t95 } from "../statistics/studentT.ts";
import type { RunOptions } from "./runOptions.ts";

/**
 * What is asked of the case, as asked of each of its launches: the mean over n launches scatters √n times less than each
 * of their means, so that each need be known √n times less well; and they share the time. Once earlier launches tell how
 * repetitions scatter, their number follows from that before the launch begins, which leaves its mean's interval whole.
 *
 * @param planned launches of the case; of as many as it takes, the least are counted
 * @param scatter of the case's launches before this one; null where none tell
 */
export function repetitionRule(
  {
    repetitions,
    precision,
    maxTimeSeconds,
    sustainSeconds,
    launches,
  }: Pick<
    RunOptions,
    "repetitions" | "precision" | "maxTimeSeconds" | "sustainSeconds" | "launches"
  >,
  planned: number,
  scatter: Scatter | null,
): RepetitionRule {
  if (sustainSeconds !== null) return { sustainSeconds };
  if (repetitions !== "auto") return repetitions;
  const shared = launches === "auto" ? autoLaunches.least : planned;
  const ofLaunch = precision * Math.sqrt(shared);
  return {
    precision: ofLaunch,
    maxSeconds: maxTimeSeconds / shared,
    enough: scatter === null ? null : sufficient(scatter, ofLaunch),
  };
}

/** The fewest whose mean's 95% interval has that half-width, as a share of the mean. */
function sufficient({ relativeSd, freedom }: Scatter, halfWidth: number): number {
  return Math.max(1, Math.ceil(((t95(freedom) * relativeSd) / halfWidth) ** 2));
}

/**
 * Share by which two whole repetitions may differ and the machine be called warm. Where they are known to scatter by more
 * than the usual share, by what 95% of pairs differ by: else a busy machine would be called cold for ever.
 *
 * @param scatter as above
 */
export function agreementOf(scatter: Scatter | null): number {
  return Math.max(warmupAgreement, normal95 * Math.SQRT2 * (scatter?.relativeSd ?? 0));
}
