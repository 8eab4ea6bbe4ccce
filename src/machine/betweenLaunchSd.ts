/** How much launches of a case must be expected to differ, where only one was measured. */
import { generatedTokens, isLlamaBench, promptTokens, type Workload } from "../bench/workload.ts";
import { normal95, t95 } from "../statistics/studentT.ts";
import type { Noise } from "./noise.ts";

/**
 * The machine's standard deviation between launches, as a share of the mean, for a workload; undefined where it wasn't
 * measured. It was estimated over a few launches and is taken as known by those who use it: so it is widened from the
 * normal distribution's interval to Student's.
 */
export function betweenLaunchSd(noise: Noise | null, workload: Workload): number | undefined {
  // Measured with prompts and generation, it says nothing of other tests.
  if (noise === null || !isLlamaBench(workload)) return undefined;
  const sd = Math.max(
    promptTokens(workload) > 0 ? noise.prompt_sd : 0,
    generatedTokens(workload) > 0 ? noise.generation_sd : 0,
  );
  return (sd * t95(noise.launches - 1)) / normal95;
}
