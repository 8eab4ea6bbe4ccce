/** How much launches of a case must be expected to differ, where only one was measured. */
import type { Noise } from "../machine/noise.ts";
import { normal95, t95 } from "../statistics/studentT.ts";

/**
 * The machine's standard deviation between launches, as a share of the mean, for a workload; undefined where it wasn't
 * measured. It was estimated over a few launches and is taken as known by those who use it: so it is widened from the
 * normal distribution's interval to Student's.
 */
export function betweenLaunchSd(
  noise: Noise | null,
  { n_prompt: nPrompt, n_gen: nGen }: { readonly n_prompt: number; readonly n_gen: number },
): number | undefined {
  if (noise === null) return undefined;
  const sd = Math.max(nPrompt > 0 ? noise.prompt_sd : 0, nGen > 0 ? noise.generation_sd : 0);
  return (sd * t95(noise.launches - 1)) / normal95;
}
