/** The llama-bench command line that asks for the same as a case; null for a test that it hasn't. */
import { withoutHome } from "../base/homePath.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { llamaBenchCommand } from "../repeat/llamaBenchLine.ts";
import { workloadTexts } from "../repeat/settingTexts.ts";

export function llamaBenchCommandOf(
  { variant, settings, gpuLayers }: BenchCase,
  repetitions: number | "auto",
): string | null {
  const { workload, placement, context } = settings;
  const tested = workloadTexts(workload);
  if (tested === null) return null;
  const { tensorSplit } = placement;
  return llamaBenchCommand(withoutHome(variant.weights.opened), {
    ...tested,
    ...context,
    noKvOffload: context.noKvOffload ? 1 : 0,
    ...placement,
    // As resolved: `auto` may have left some on the host, which llama-bench wouldn't.
    gpuLayers,
    tensorSplit: tensorSplit.length === 0 ? null : tensorSplit.join("/"),
    repetitions,
  });
}
